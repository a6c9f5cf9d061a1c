/**
 * Contract suites that every implementation passes ({@code BlobsContract}), then what is special to
 * the disk: crashes, damage, full disks, several processes.
 */
@NullMarked
package dev.bricolage.store;

import org.jspecify.annotations.NullMarked;
