package dev.bricolage.sandbox;

/**
 * Where a run's output goes, piece by piece, in the order in which the run wrote it. Called on the
 * thread that waits for the run; a slow console slows the run down. The array is reused after the
 * call.
 */
public interface Console {
  /** Nobody listens. */
  Console SILENT =
      new Console() {
        @Override
        public void stdout(byte[] bytes, int offset, int length) {}

        @Override
        public void stderr(byte[] bytes, int offset, int length) {}
      };

  void stdout(byte[] bytes, int offset, int length);

  void stderr(byte[] bytes, int offset, int length);
}
