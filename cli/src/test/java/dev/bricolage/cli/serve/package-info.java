@NullMarked
package dev.bricolage.cli.serve;

import org.jspecify.annotations.NullMarked;
