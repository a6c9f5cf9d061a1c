package dev.bricolage.fronts.reapi.tenant;

import java.time.Duration;

/**
 * What one client may ask of the server.
 *
 * @param batchBytes how many bytes of blobs one message may carry, either way
 * @param blobBytes how large a blob may be
 * @param uploads how many streamed uploads may be open at once, each an open file
 * @param uploadsOfOne how many of those may be one tenant's
 * @param uploadIdle how long an interrupted upload waits to be gone on with
 * @param folders how many folders a tree may have
 * @param callsPerSecond how many calls a tenant may make, with as many again in a burst; 0 for any
 * @param executions how many of a tenant's actions may be under way at once
 */
public record Limits(
    int batchBytes,
    long blobBytes,
    int uploads,
    int uploadsOfOne,
    Duration uploadIdle,
    int folders,
    int callsPerSecond,
    int executions) {

  /**
   * Room for a batch's digests and statuses beside its bytes: gRPC's own limit, which clients
   * seldom raise, is 4 MiB a message.
   */
  private static final int ENVELOPE_BYTES = 256 * 1024;

  /** What suits most. */
  public static final Limits USUAL =
      new Limits(
          (4 << 20) - ENVELOPE_BYTES,
          64L << 30,
          512,
          256,
          Duration.ofMinutes(10),
          1_000_000,
          0,
          1_000);

  /** How large an answer to a batch may be: gRPC's own limit in the usual case. */
  public int answerBytes() {
    return batchBytes + ENVELOPE_BYTES;
  }

  /** How large a message may be that comes in. */
  public int messageBytes() {
    return batchBytes + 4 * ENVELOPE_BYTES;
  }

  /** The same with blobs of at most this size. */
  public Limits withBlobBytes(long bytes) {
    return new Limits(
        batchBytes, bytes, uploads, uploadsOfOne, uploadIdle, folders, callsPerSecond, executions);
  }

  /** The same with at most so many uploads at once, and so many of one tenant. */
  public Limits withUploads(int all, int ofOne) {
    return new Limits(
        batchBytes, blobBytes, all, ofOne, uploadIdle, folders, callsPerSecond, executions);
  }

  /** The same with trees of at most so many folders. */
  public Limits withFolders(int most) {
    return new Limits(
        batchBytes, blobBytes, uploads, uploadsOfOne, uploadIdle, most, callsPerSecond, executions);
  }

  /** The same with at most so many calls a second. */
  public Limits withCallsPerSecond(int calls) {
    return new Limits(
        batchBytes, blobBytes, uploads, uploadsOfOne, uploadIdle, folders, calls, executions);
  }

  /** The same with at most so many of a tenant's actions under way. */
  public Limits withExecutions(int most) {
    return new Limits(
        batchBytes, blobBytes, uploads, uploadsOfOne, uploadIdle, folders, callsPerSecond, most);
  }
}
