/**
 * {@code bric ninja}: {@code build.ninja} with every edge a remembered run. {@link
 * dev.bricolage.fronts.ninja.NinjaFront} is the whole journey: the manifest is read ({@code
 * manifest}, {@code text}), the edges that the targets need are run or remembered ({@code build}),
 * and the folder is left as ninja would leave it ({@code log}, {@code deps}).
 */
@NullMarked
package dev.bricolage.fronts.ninja;

import org.jspecify.annotations.NullMarked;
