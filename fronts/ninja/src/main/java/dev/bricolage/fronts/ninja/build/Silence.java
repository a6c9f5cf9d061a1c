package dev.bricolage.fronts.ninja.build;

import dev.bricolage.sandbox.Console;

/** What an edge says is told when it has ended, whole. */
final class Silence implements Console {
  @Override
  public void stdout(byte[] bytes, int offset, int length) {}

  @Override
  public void stderr(byte[] bytes, int offset, int length) {}
}
