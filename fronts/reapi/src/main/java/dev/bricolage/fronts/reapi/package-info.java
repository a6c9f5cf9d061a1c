/**
 * A server of the Remote Execution API: other build systems keep their blobs and results with us
 * and, where an executor is given, have their actions run. {@link
 * dev.bricolage.fronts.reapi.ReapiServer} puts together what {@link
 * dev.bricolage.fronts.reapi.Parts} it is given; every service comes in by {@link
 * dev.bricolage.fronts.reapi.tenant.Admission}, so each call belongs to a tenant. What is offered
 * and refused stands in {@code docs/formats/reapi.md}.
 *
 * <p>Services are plain blocking code on virtual threads; they throw {@link
 * dev.bricolage.fronts.reapi.wire.Refusal}. No protobuf type leaves these packages: the faces to
 * the rest of the house speak of {@link dev.bricolage.action.Digest}s and bytes.
 */
@NullMarked
package dev.bricolage.fronts.reapi;

import org.jspecify.annotations.NullMarked;
