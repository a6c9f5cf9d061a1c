package dev.bricolage.fronts.reapi;

import dev.bricolage.execute.Machine;
import dev.bricolage.fronts.reapi.tenant.Admission;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenant;
import dev.bricolage.remote.protocol.CapabilitiesGrpc.CapabilitiesImplBase;
import dev.bricolage.remote.protocol.Reapi.CacheCapabilities;
import dev.bricolage.remote.protocol.Reapi.Compressor;
import dev.bricolage.remote.protocol.Reapi.DigestFunction;
import dev.bricolage.remote.protocol.Reapi.ExecutionCapabilities;
import dev.bricolage.remote.protocol.Reapi.FastCdc2020Params;
import dev.bricolage.remote.protocol.Reapi.GetCapabilitiesRequest;
import dev.bricolage.remote.protocol.Reapi.PriorityCapabilities;
import dev.bricolage.remote.protocol.Reapi.PriorityCapabilities.PriorityRange;
import dev.bricolage.remote.protocol.Reapi.ServerCapabilities;
import dev.bricolage.remote.protocol.Reapi.SymlinkAbsolutePathStrategy;
import dev.bricolage.remote.protocol.Semver.SemVer;
import dev.bricolage.remote.protocol.chunk.FastCdc;
import io.grpc.stub.StreamObserver;

/** REAPI's {@code Capabilities}: what this server can do for who asks. */
final class CapabilitiesService extends CapabilitiesImplBase {
  private static final SemVer LOWEST = SemVer.newBuilder().setMajor(2).setMinor(0).build();
  private static final SemVer HIGHEST = SemVer.newBuilder().setMajor(2).setMinor(12).build();

  private final Admission admission;
  private final boolean runsActions;

  CapabilitiesService(Admission admission, boolean runsActions) {
    this.admission = admission;
    this.runsActions = runsActions;
  }

  @Override
  public void getCapabilities(
      GetCapabilitiesRequest request, StreamObserver<ServerCapabilities> answer) {
    Tenant tenant = admission.enter(request.getInstanceName()).tenant();
    ServerCapabilities.Builder all =
        ServerCapabilities.newBuilder()
            .setCacheCapabilities(cache(tenant, admission.limits()))
            .setLowApiVersion(LOWEST)
            .setHighApiVersion(HIGHEST);
    if (runsActions) {
      all.setExecutionCapabilities(execution(tenant)).setBricMachine(Machine.VERSION);
    }
    answer.onNext(all.build());
    answer.onCompleted();
  }

  private static CacheCapabilities cache(Tenant tenant, Limits limits) {
    CacheCapabilities.Builder cache = CacheCapabilities.newBuilder();
    cache.getActionCacheUpdateCapabilitiesBuilder().setUpdateEnabled(tenant.writesResults());
    return cache
        .addDigestFunctions(DigestFunction.Value.SHA256)
        .setMaxBatchTotalSizeBytes(limits.batchBytes())
        .setMaxCasBlobSizeBytes(limits.blobBytes())
        .addSupportedCompressors(Compressor.Value.ZSTD)
        .addSupportedBatchUpdateCompressors(Compressor.Value.ZSTD)
        .setSplitBlobSupport(true)
        .setSpliceBlobSupport(true)
        .setFastCdc2020Params(
            FastCdc2020Params.newBuilder()
                .setAvgChunkSizeBytes(FastCdc.USUAL.average())
                .setSeed(FastCdc.USUAL.seed()))
        // An absolute target names something in the sandbox, which has nothing of the host's own.
        .setSymlinkAbsolutePathStrategy(SymlinkAbsolutePathStrategy.Value.ALLOWED)
        .build();
  }

  private static ExecutionCapabilities execution(Tenant tenant) {
    return ExecutionCapabilities.newBuilder()
        .setDigestFunction(DigestFunction.Value.SHA256)
        .addDigestFunctions(DigestFunction.Value.SHA256)
        .setExecEnabled(tenant.executes())
        .setExecutionPriorityCapabilities(
            PriorityCapabilities.newBuilder()
                .addPriorities(
                    PriorityRange.newBuilder()
                        .setMinPriority(Integer.MIN_VALUE)
                        .setMaxPriority(Integer.MAX_VALUE)))
        .build();
  }
}
