/**
 * The mutation fuzzer: is what the memo answers always what a clean run gives?
 *
 * <p>A {@link dev.bricolage.testkit.gen.Scenario} is played in a {@link dev.bricolage.fuzz.World},
 * where every turn is answered twice: by the product's own parts with all their memory, and by
 * {@link dev.bricolage.fuzz.CleanRuns}, which have none. A {@link dev.bricolage.fuzz.PlainRun} is a
 * third answer for what does not depend on its place: the command outside any sandbox. {@link
 * dev.bricolage.fuzz.Shrinker} makes what differs small, and {@link dev.bricolage.fuzz.Mutant}s
 * prove that the fuzzer sees what it is there to see.
 *
 * <p>The same with builds of C projects, whose tools are remembered one by one: {@link
 * dev.bricolage.fuzz.BuildWorld}, {@link dev.bricolage.fuzz.ToolMutant}. {@code
 * docs/design/fuzzing.md} tells the rest.
 */
@NullMarked
package dev.bricolage.fuzz;

import org.jspecify.annotations.NullMarked;
