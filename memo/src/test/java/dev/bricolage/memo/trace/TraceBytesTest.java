package dev.bricolage.memo.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bricolage.memo.Question;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TraceBytesTest {
  private static final Question KEY = new Question("run", "abc");
  private static final Question LOOKED = new Question("content", "/build/a.c");

  @Test
  void aTraceThatIsCutOffOrLongerIsNone() {
    Trace trace = new Trace(KEY, List.of(new Step(LOOKED, "red\u00e9")), "=x");
    byte[] bytes = TraceBytes.encode(trace);
    assertEquals(Optional.of(trace), TraceBytes.decode(bytes));
    for (int length = 0; length < bytes.length; length++) {
      assertEquals(Optional.empty(), TraceBytes.decode(Arrays.copyOf(bytes, length)), "" + length);
    }
    assertEquals(Optional.empty(), TraceBytes.decode(Arrays.copyOf(bytes, bytes.length + 1)));
    byte[] huge = bytes.clone();
    huge[13] = 0x7f;
    assertEquals(Optional.empty(), TraceBytes.decode(huge));
  }

  /** Else two traces would have the same bytes. */
  @Test
  void halfACharacterIsRefused() {
    Trace trace = new Trace(KEY, List.of(new Step(LOOKED, "\ud800")), "=x");
    assertThrows(IllegalArgumentException.class, () -> TraceBytes.encode(trace));
  }
}
