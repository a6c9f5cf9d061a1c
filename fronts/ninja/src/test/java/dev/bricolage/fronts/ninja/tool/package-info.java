/** The subtools beside the real ninja's, on manifests by hand and by chance. */
@NullMarked
package dev.bricolage.fronts.ninja.tool;

import org.jspecify.annotations.NullMarked;
