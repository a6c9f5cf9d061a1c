/**
 * Blobs on their way: {@link dev.bricolage.remote.client.blob.send} brings them there, {@link
 * dev.bricolage.remote.client.blob.read} here. This is what both do alike: how digests ({@link
 * dev.bricolage.remote.client.blob.Digests}) and streams ({@link
 * dev.bricolage.remote.client.blob.Names}) are named, that small blobs travel in {@link
 * dev.bricolage.remote.client.blob.Batches}, several messages at once ({@link
 * dev.bricolage.remote.client.blob.Together}), and that all are packed by {@link
 * dev.bricolage.remote.client.blob.Zstd} where the server offers it.
 */
@NullMarked
package dev.bricolage.remote.client.blob;

import org.jspecify.annotations.NullMarked;
