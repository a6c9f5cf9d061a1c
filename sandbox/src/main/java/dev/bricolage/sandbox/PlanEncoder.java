package dev.bricolage.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.OptionalLong;

/**
 * Writes a plan's bytes: an opcode, then its arguments, each a little-endian length and bytes. The
 * numbers are those of {@code native/plan.h}.
 */
final class PlanEncoder {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);

  byte[] encode(Plan plan) {
    plan.mounts().forEach(this::mount);
    op(32, plan.hostname());
    op(33, Integer.toString(plan.ids().uid()), Integer.toString(plan.ids().gid()));
    op(34, plan.cwd());
    plan.argv().forEach(word -> op(35, word));
    plan.env().forEach((name, value) -> op(36, name + "=" + value));
    op(37, Integer.toOctalString(plan.umask()));
    plan.limits().forEach(this::limit);
    plan.watched().forEach(root -> op(39, root));
    op(40, plan.observe() ? "1" : "0");
    op(
        43,
        switch (plan.recorder()) {
          case OFF -> "0";
          case ON -> "1";
          case HALF -> "2";
          case ALL -> "3";
        });
    plan.shims().forEach(tool -> op(42, tool));
    plan.memoryBytes().ifPresent(most -> op(41, Long.toString(most)));
    op(127);
    return bytes.toByteArray();
  }

  private void mount(MountOp op) {
    switch (op) {
      case MountOp.Dir(var path, var mode) -> op(1, path, Integer.toOctalString(mode));
      case MountOp.Tmpfs(var path, var mode) -> op(2, path, Integer.toOctalString(mode));
      case MountOp.BindReadOnly(var source, var path) -> op(3, source, path);
      case MountOp.BindWritable(var source, var path) -> op(4, source, path);
      case MountOp.File(var path, var content, var mode) -> {
        op(5, path);
        argument(content);
        argument(Integer.toOctalString(mode).getBytes(UTF_8));
      }
      case MountOp.Symlink(var target, var path) -> op(6, target, path);
      case MountOp.Overlay(var lowers, var upper, var work, var path) ->
          op(7, String.join("\0", lowers), upper, work, path);
      case MountOp.Proc(var path) -> op(8, path);
    }
  }

  private void limit(Limit limit) {
    op(38, Integer.toString(limit.resource().number()), bound(limit.soft()), bound(limit.hard()));
  }

  private static String bound(OptionalLong bound) {
    return bound.isPresent() ? Long.toString(bound.getAsLong()) : "-";
  }

  private void op(int code, String... arguments) {
    bytes.write(code);
    for (String argument : arguments) {
      argument(argument.getBytes(UTF_8));
    }
  }

  private void argument(byte[] argument) {
    for (int shift = 0; shift < 32; shift += 8) {
      bytes.write(argument.length >>> shift);
    }
    bytes.writeBytes(argument);
  }
}
