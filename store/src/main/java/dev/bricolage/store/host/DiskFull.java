package dev.bricolage.store.host;

import java.nio.file.FileSystemException;

/** A write found no room: {@code ENOSPC} or {@code EDQUOT}. */
public final class DiskFull extends FileSystemException {
  private static final long serialVersionUID = 1;

  /** No room for {@code path}; {@code reason} is the system's own word for it. */
  public DiskFull(String path, String reason) {
    super(path, null, reason);
  }
}
