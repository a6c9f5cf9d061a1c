/** Tests of what tests share: above all, that the page runner can fail. */
@NullMarked
package dev.bricolage.testkit;

import org.jspecify.annotations.NullMarked;
