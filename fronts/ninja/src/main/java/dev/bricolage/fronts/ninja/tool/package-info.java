/**
 * The subtools ({@code -t}) that only look at the manifest. Each is a function from a {@link
 * dev.bricolage.fronts.ninja.manifest.Manifest} and the words after the tool's name to what ninja
 * 1.11 prints; {@link dev.bricolage.fronts.ninja.tool.Targets} reads the words that name paths.
 */
@NullMarked
package dev.bricolage.fronts.ninja.tool;

import org.jspecify.annotations.NullMarked;
