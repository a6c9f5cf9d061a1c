/**
 * The messages and stubs of the Remote Execution API, made at build time from the definitions in
 * {@code src/main/proto}. Those are written from the public specification, versions 2.0 to 2.12:
 * names and numbers are its facts, what is said about them is ours. The messages stand inside one
 * class a file, {@code Reapi.Digest} and so on, because half of them have the name of one of our
 * own nouns.
 *
 * <p>{@code google.rpc} and {@code google.longrunning} come from Google's published artifacts;
 * {@code google.bytestream} and REAPI itself are published by nobody.
 *
 * <p>How blobs are cut is the protocol's too: {@link dev.bricolage.remote.protocol.chunk}.
 *
 * <p>Used by the client ({@code remote}) and the server ({@code fronts/reapi}); nothing of it
 * leaves them.
 */
@NullMarked
package dev.bricolage.remote.protocol;

import org.jspecify.annotations.NullMarked;
