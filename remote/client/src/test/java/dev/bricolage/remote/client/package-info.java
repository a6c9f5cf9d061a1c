/**
 * The client against our own server ({@code OurServerTest}), against one that does everything wrong
 * ({@code Fake}), and against one that we did not write ({@code BuildStreamTest}).
 */
@NullMarked
package dev.bricolage.remote.client;

import org.jspecify.annotations.NullMarked;
