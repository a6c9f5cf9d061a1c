/**
 * A client of the Remote Execution API. {@link dev.bricolage.remote.client.Remote#open} gives a
 * server's {@link dev.bricolage.remote.client.RemoteBlobs blobs}, its {@link
 * dev.bricolage.remote.client.RemoteResults action cache} and its {@link
 * dev.bricolage.remote.client.RemoteExecution workers}; where it is and how it fails is said in
 * {@link dev.bricolage.remote.client.line}. {@link dev.bricolage.remote.client.RemoteAction} and
 * {@link dev.bricolage.remote.client.RemoteTree} write actions and read folders for servers of
 * every version from 2.0 to 2.12.
 *
 * <p>Every call blocks, on whatever thread makes it, and an interruption cancels it. Nothing of
 * protobuf or gRPC is in what others call here.
 */
@NullMarked
package dev.bricolage.remote.client;

import org.jspecify.annotations.NullMarked;
