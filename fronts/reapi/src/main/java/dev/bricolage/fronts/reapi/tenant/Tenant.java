package dev.bricolage.fronts.reapi.tenant;

/**
 * Whose blobs, results and quota a call touches, and what it may do there.
 *
 * @param name the instance's; calls of one name share everything
 * @param writesResults whether it may put results into the action cache itself; results of our own
 *     executor get there in any case
 * @param executes whether it may have actions run
 * @param quotaBytes how much it may hold in sum; 0 for no limit
 */
public record Tenant(String name, boolean writesResults, boolean executes, long quotaBytes) {
  /** One that may do everything. */
  public static Tenant trusted(String name) {
    return new Tenant(name, true, true, 0);
  }
}
