package dev.bricolage.fronts.reapi;

import dev.bricolage.fronts.reapi.execution.ActionExecutor;
import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenants;
import dev.bricolage.store.Blobs;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a server is made of.
 *
 * @param executor without one, the server is a cache
 * @param faults told of mistakes that are ours, which clients do not see
 */
public record Parts(
    Blobs blobs,
    Holdings holdings,
    ActionResults results,
    Tenants tenants,
    Optional<ActionExecutor> executor,
    Limits limits,
    InstantSource clock,
    Consumer<Throwable> faults) {}
