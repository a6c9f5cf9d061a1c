package dev.bricolage.action;

/** What there is at a path of a tree. */
public sealed interface Entry {
  /** A regular file; of its permissions only the owner's execute bit is kept, as in REAPI. */
  record File(Digest digest, boolean executable) implements Entry {}

  /** A symbolic link and the text it holds, never followed. */
  record Link(String target) implements Entry {}

  /** A folder; its entries stand beside it in the {@link Tree}. */
  record Folder() implements Entry {}
}
