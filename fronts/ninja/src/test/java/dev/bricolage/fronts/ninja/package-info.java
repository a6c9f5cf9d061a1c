/** What the tests share: the real ninja, and manifests made from a seed. */
@NullMarked
package dev.bricolage.fronts.ninja;

import org.jspecify.annotations.NullMarked;
