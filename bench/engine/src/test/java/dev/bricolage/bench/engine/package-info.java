/** That what is measured is what the report says it is. */
@NullMarked
package dev.bricolage.bench.engine;

import org.jspecify.annotations.NullMarked;
