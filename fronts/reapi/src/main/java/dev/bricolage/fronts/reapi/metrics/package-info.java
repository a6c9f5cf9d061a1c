/**
 * What a server does in numbers. {@link dev.bricolage.fronts.reapi.metrics.Meters} has them and
 * writes them as Prometheus reads them; {@link dev.bricolage.fronts.reapi.metrics.CallMeters}
 * counts calls and bytes, {@link dev.bricolage.fronts.reapi.metrics.ActionMeters} actions.
 */
@NullMarked
package dev.bricolage.fronts.reapi.metrics;

import org.jspecify.annotations.NullMarked;
