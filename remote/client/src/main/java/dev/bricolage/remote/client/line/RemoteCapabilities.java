package dev.bricolage.remote.client.line;

import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import dev.bricolage.remote.protocol.Reapi.CacheCapabilities;
import dev.bricolage.remote.protocol.Reapi.Compressor;
import dev.bricolage.remote.protocol.Reapi.DigestFunction;
import dev.bricolage.remote.protocol.Reapi.ExecutionCapabilities;
import dev.bricolage.remote.protocol.Reapi.ServerCapabilities;
import dev.bricolage.remote.protocol.Reapi.SymlinkAbsolutePathStrategy;
import dev.bricolage.remote.protocol.Semver.SemVer;
import dev.bricolage.remote.protocol.chunk.FastCdc;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What a server can do, as far as we can too.
 *
 * <p>SHA-256 is our only digest function, where a server has BLAKE3 too: digests are those of the
 * store's own blobs, and with another function every blob would be hashed again to travel.
 *
 * @param minor the version spoken is 2.this, from 0 to 12
 * @param cache whether it keeps blobs
 * @param writesResults whether we may put results into its action cache
 * @param executes whether it runs actions
 * @param batchBytes how many bytes of blobs one message may carry
 * @param blobBytes how large a blob may be
 * @param zstd whether streams may be compressed
 * @param zstdBatches whether blobs in batches may be compressed
 * @param split whether it tells of what chunks a blob consists
 * @param splice whether it puts blobs together of chunks
 * @param absoluteLinks whether symbolic links may point to absolute paths
 * @param chunking how it cuts blobs, if in a way that we can too
 * @param machine the kind of sandbox its commands run in, if it is a house like ours
 */
public record RemoteCapabilities(
    int minor,
    boolean cache,
    boolean writesResults,
    boolean executes,
    int batchBytes,
    long blobBytes,
    boolean zstd,
    boolean zstdBatches,
    boolean split,
    boolean splice,
    boolean absoluteLinks,
    Optional<FastCdc> chunking,
    Optional<String> machine) {

  /** The last version that we know. */
  public static final int LAST_MINOR = 12;

  /**
   * The most that a batch has, whatever the server says: gRPC's usual limit is 4 MiB a message, and
   * digests and statuses want room.
   */
  static final int MOST_BATCH_BYTES = (4 << 20) - (128 << 10);

  /** A server that cannot even say what it can do. */
  static final RemoteCapabilities LEAST =
      new RemoteCapabilities(
          0,
          true,
          true,
          true,
          MOST_BATCH_BYTES,
          Long.MAX_VALUE,
          false,
          false,
          false,
          false,
          false,
          Optional.empty(),
          Optional.empty());

  /**
   * Reads what a server says.
   *
   * @throws RemoteFailure UNSUPPORTED when there is no version or no digest function in common
   */
  static RemoteCapabilities read(URI server, ServerCapabilities said, boolean compress)
      throws RemoteFailure {
    CacheCapabilities cache = said.getCacheCapabilities();
    ExecutionCapabilities execution = said.getExecutionCapabilities();
    if (said.hasCacheCapabilities()) {
      checkDigests(server, cache.getDigestFunctionsList());
    }
    boolean executes = execution.getExecEnabled() && hashes(execution);
    return new RemoteCapabilities(
        minor(server, said),
        said.hasCacheCapabilities(),
        cache.getActionCacheUpdateCapabilities().getUpdateEnabled(),
        executes,
        batch(cache.getMaxBatchTotalSizeBytes()),
        cache.getMaxCasBlobSizeBytes() <= 0 ? Long.MAX_VALUE : cache.getMaxCasBlobSizeBytes(),
        compress && cache.getSupportedCompressorsList().contains(Compressor.Value.ZSTD),
        compress && cache.getSupportedBatchUpdateCompressorsList().contains(Compressor.Value.ZSTD),
        cache.getSplitBlobSupport(),
        cache.getSpliceBlobSupport(),
        cache.getSymlinkAbsolutePathStrategy() == SymlinkAbsolutePathStrategy.Value.ALLOWED,
        chunking(cache),
        Optional.of(said.getBricMachine()).filter(kind -> !kind.isEmpty()));
  }

  private static Optional<FastCdc> chunking(CacheCapabilities cache) {
    long average = cache.getFastCdc2020Params().getAvgChunkSizeBytes();
    return cache.hasFastCdc2020Params() && FastCdc.isAverage(average)
        ? Optional.of(new FastCdc((int) average, cache.getFastCdc2020Params().getSeed()))
        : Optional.empty();
  }

  private static int batch(long said) {
    return said <= 0 ? MOST_BATCH_BYTES : (int) Math.min(said, MOST_BATCH_BYTES);
  }

  private static boolean hashes(ExecutionCapabilities execution) {
    List<DigestFunction.Value> all = execution.getDigestFunctionsList();
    DigestFunction.Value one = execution.getDigestFunction();
    return all.contains(DigestFunction.Value.SHA256)
        || one == DigestFunction.Value.SHA256
        || (all.isEmpty() && one == DigestFunction.Value.UNKNOWN);
  }

  private static void checkDigests(URI server, List<DigestFunction.Value> functions)
      throws RemoteFailure {
    if (!functions.isEmpty() && !functions.contains(DigestFunction.Value.SHA256)) {
      throw new RemoteFailure(
          Kind.UNSUPPORTED,
          "%s: its digest functions are %s, and ours is SHA256: switch that on at the server"
              .formatted(server, functions));
    }
  }

  private static int minor(URI server, ServerCapabilities said) throws RemoteFailure {
    SemVer low = said.getLowApiVersion();
    SemVer high = said.getHighApiVersion();
    boolean silent = high.getMajor() == 0 && low.getMajor() == 0;
    boolean tooOld = high.getMajor() < 2 && !silent;
    boolean tooNew = low.getMajor() > 2 || (low.getMajor() == 2 && low.getMinor() > LAST_MINOR);
    if (tooOld || tooNew) {
      throw new RemoteFailure(
          Kind.UNSUPPORTED,
          "%s: it speaks versions %s to %s of the Remote Execution API, and we 2.0 to 2.%d"
              .formatted(server, text(low), text(high), LAST_MINOR));
    }
    return silent ? 0 : high.getMajor() > 2 ? LAST_MINOR : Math.min(high.getMinor(), LAST_MINOR);
  }

  private static String text(SemVer version) {
    return version.getMajor() + "." + version.getMinor();
  }
}
