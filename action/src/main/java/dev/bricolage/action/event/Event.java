package dev.bricolage.action.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Something that happened. Paths are absolute. */
public sealed interface Event {
  /** Where it happens; the first of all. */
  record Located(String workspace) implements Event {}

  /**
   * What was asked for has been understood.
   *
   * @param targets what is to be made
   */
  record Understood(List<Target> targets) implements Event {
    /** Copies. */
    public Understood {
      targets = List.copyOf(targets);
    }
  }

  /**
   * An edge, a command or a tool has ended.
   *
   * @param owner what it was for
   * @param outputs what it makes, the one it is known by first; maybe none
   * @param kind the name of its rule, or of its program
   * @param status its exit status
   * @param when from its beginning to its end, where that is known
   * @param output what it wrote, both streams in the order they had
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Performed(
      Target owner,
      List<String> outputs,
      String kind,
      List<String> command,
      int status,
      How how,
      Optional<Span> when,
      byte[] output)
      implements Event {
    /** Copies the lists. */
    public Performed {
      outputs = List.copyOf(outputs);
      command = List.copyOf(command);
    }

    /** Whether it went badly. */
    public boolean failed() {
      return status != 0;
    }
  }

  /** From one moment to another. */
  record Span(Instant began, Instant ended) {}

  /** How an outcome came to be. */
  enum How {
    /** It ran. */
    RAN,
    /** Its outputs were brought from memory. */
    REMEMBERED,
    /** Its outputs are as they should be. */
    UNCHANGED
  }

  /**
   * A target has come to its end.
   *
   * @param made what it consists of, if it went well
   * @param culprits for one that went badly: the owners of what failed
   */
  record Came(Target target, boolean well, List<Product> made, List<Target> culprits)
      implements Event {
    /** Copies. */
    public Came {
      made = List.copyOf(made);
      culprits = List.copyOf(culprits);
    }
  }

  /** Something was printed. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Printed(boolean stderr, byte[] text) implements Event {}
}
