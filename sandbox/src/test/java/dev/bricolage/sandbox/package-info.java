/** Tests that run real sandboxes, as this user and, where this user is root, as an ordinary one. */
@NullMarked
package dev.bricolage.sandbox;

import org.jspecify.annotations.NullMarked;
