package dev.bricolage.store;

/**
 * While it is held, no blob that was put, linked or looked at since it began is collected: for
 * builds that take longer than {@link StoreGc#GRACE}, which shorter ones live by.
 */
public interface Lease extends AutoCloseable {
  @Override
  void close();
}
