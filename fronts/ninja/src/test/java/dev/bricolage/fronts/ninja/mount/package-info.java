/** Tests of paths put in the place of others. */
@NullMarked
package dev.bricolage.fronts.ninja.mount;

import org.jspecify.annotations.NullMarked;
