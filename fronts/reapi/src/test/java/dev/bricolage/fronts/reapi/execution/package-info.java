@NullMarked
package dev.bricolage.fronts.reapi.execution;

import org.jspecify.annotations.NullMarked;
