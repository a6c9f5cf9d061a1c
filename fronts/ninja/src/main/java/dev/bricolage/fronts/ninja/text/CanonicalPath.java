package dev.bricolage.fronts.ninja.text;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A path as ninja names a node: without {@code .}, without empty names, and {@code x/..} taken
 * away, by the letters alone. Its corners are ninja's: {@code a/..} is {@code .}, but {@code /},
 * and {@code /a/..}, are the empty path.
 */
public final class CanonicalPath {
  /** How many names a path may have. */
  private static final int MAX_NAMES = 60;

  private CanonicalPath() {}

  /**
   * Makes the path {@code path[from, to)} canonical, in its place.
   *
   * @return where it ends now
   * @throws NinjaError if it has too many names, which ends ninja
   */
  public static int of(byte[] path, int from, int to) throws NinjaError {
    return isCanonical(path, from, to) ? to : rewrite(path, from, to);
  }

  /** The canonical path of a text. */
  public static String of(String path) throws NinjaError {
    byte[] bytes = path.getBytes(UTF_8);
    return new String(bytes, 0, of(bytes, 0, bytes.length), UTF_8);
  }

  /** Whether nothing need be done: nearly always so, and then the path is only read. */
  public static boolean isCanonical(byte[] path, int from, int to) {
    int names = 0;
    int at = from;
    while (true) {
      int start = at;
      while (at < to && path[at] != '/') {
        at++;
      }
      boolean leading = start == from && at < to && at == start;
      if (!leading && isSpecial(path, start, at)) {
        return from == to;
      }
      if (++names > MAX_NAMES) {
        return false;
      }
      if (at == to) {
        return true;
      }
      at++;
    }
  }

  private static boolean isSpecial(byte[] path, int start, int end) {
    int length = end - start;
    return length == 0
        || (length == 1 && path[start] == '.')
        || (length == 2 && path[start] == '.' && path[start + 1] == '.');
  }

  /**
   * Copies name by name. Each copy takes along the byte after the name, a slash or whatever is
   * behind the end, so the result is always one byte longer than the path, which explains its
   * corners.
   */
  private static int rewrite(byte[] path, int from, int to) throws NinjaError {
    int[] starts = new int[MAX_NAMES];
    int names = 0;
    int in = from;
    int out = from;
    if (path[in] == '/') {
      in++;
      out++;
    }
    while (in < to) {
      int end = in;
      while (end < to && path[end] != '/') {
        end++;
      }
      int length = end - in;
      boolean dots = length > 0 && length <= 2 && isSpecial(path, in, end);
      if (length == 0 || (dots && length == 1)) {
        in = end + 1;
        continue;
      }
      if (dots && names > 0) {
        out = starts[--names];
        in = end + 1;
        continue;
      }
      if (!dots) {
        if (names == MAX_NAMES) {
          throw NinjaError.fatal(
              "path has too many components : " + new String(path, from, to - from, UTF_8));
        }
        starts[names++] = out;
      }
      System.arraycopy(path, in, path, out, end - in);
      out += length;
      in = end + 1;
      if (end < to) {
        path[out] = '/';
      }
      out++;
    }
    if (out == from) {
      path[out] = '.';
      return out + 1;
    }
    return out - 1;
  }
}
