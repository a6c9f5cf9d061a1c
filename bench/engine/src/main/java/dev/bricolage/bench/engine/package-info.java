/**
 * What the engine costs. {@link dev.bricolage.bench.engine.Layered} is the graph that all are
 * measured on, {@link dev.bricolage.bench.engine.Wide} and {@link dev.bricolage.bench.engine.Link}
 * the extremes; {@link dev.bricolage.bench.engine.Engine} is one side of a comparison, and the
 * others run the very same tasks on the very same keys. {@link
 * dev.bricolage.bench.engine.GraphBench} and {@link dev.bricolage.bench.engine.EditBench} are
 * JMH's, {@link dev.bricolage.bench.engine.Footprint} weighs.
 */
@NullMarked
package dev.bricolage.bench.engine;

import org.jspecify.annotations.NullMarked;
