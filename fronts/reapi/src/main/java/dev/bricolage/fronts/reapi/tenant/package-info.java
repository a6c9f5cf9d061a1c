/**
 * Who calls and what is theirs. A {@link dev.bricolage.fronts.reapi.tenant.Caller} is what a
 * connection proves; {@link dev.bricolage.fronts.reapi.tenant.Tenants} decides which {@link
 * dev.bricolage.fronts.reapi.tenant.Tenant} that is in the instance it names; {@link
 * dev.bricolage.fronts.reapi.tenant.Holdings} remembers which blobs a tenant has proved to hold,
 * and {@link dev.bricolage.fronts.reapi.tenant.TenantBlobs} shows it only those.
 */
@NullMarked
package dev.bricolage.fronts.reapi.tenant;

import org.jspecify.annotations.NullMarked;
