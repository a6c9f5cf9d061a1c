@NullMarked
package dev.bricolage.remote.workers;

import org.jspecify.annotations.NullMarked;
