/**
 * What a user was promised, asked of the finished installation: the real client, real daemons, real
 * sandboxes, real files. {@link dev.bricolage.acceptance.Installation} is bric as one person has
 * it, {@link dev.bricolage.acceptance.Checkout} a folder they work in, and {@link
 * dev.bricolage.acceptance.Answer} what a {@code bric run} there came to.
 */
@NullMarked
package dev.bricolage.acceptance;

import org.jspecify.annotations.NullMarked;
