/** What is shared by way of a real server. */
@NullMarked
package dev.bricolage.remote.sharing;

import org.jspecify.annotations.NullMarked;
