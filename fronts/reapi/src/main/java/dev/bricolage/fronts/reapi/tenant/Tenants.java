package dev.bricolage.fronts.reapi.tenant;

import dev.bricolage.fronts.reapi.wire.Refusal;
import java.util.Set;

/** Decides who a caller is in an instance. */
@FunctionalInterface
public interface Tenants {
  /**
   * The tenant of this call.
   *
   * @param instance the name that the request gives; may be empty
   * @throws Refusal UNAUTHENTICATED when the caller shows nothing that is known, PERMISSION_DENIED
   *     when the instance is not for it, INVALID_ARGUMENT when there is no such instance
   */
  Tenant admit(Caller caller, String instance);

  /** Everybody may do everything in these instances: for a server that only friends can reach. */
  static Tenants open(String... instances) {
    return open(Set.of(instances), true, true);
  }

  /**
   * Everybody is in these instances.
   *
   * @param writesResults whether they may put results into the action cache themselves
   * @param executes whether they may have actions run
   */
  static Tenants open(Set<String> instances, boolean writesResults, boolean executes) {
    return (caller, instance) -> {
      if (!instances.contains(instance)) {
        throw Refusal.invalid("there is no instance '%s' here".formatted(instance));
      }
      return new Tenant(instance, writesResults, executes, 0);
    };
  }
}
