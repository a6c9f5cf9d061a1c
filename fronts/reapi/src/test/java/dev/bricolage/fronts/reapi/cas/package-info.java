@NullMarked
package dev.bricolage.fronts.reapi.cas;

import org.jspecify.annotations.NullMarked;
