/** Tests of reading manifests: by hand, by spec files, and beside the real ninja. */
@NullMarked
package dev.bricolage.fronts.ninja.manifest;

import org.jspecify.annotations.NullMarked;
