/** The system calls against a real file system. */
@NullMarked
package dev.bricolage.store.host;

import org.jspecify.annotations.NullMarked;
