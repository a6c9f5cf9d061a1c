package dev.bricolage.sandbox;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Who decides about the inner runs of a run: those of the tools that its {@link Plan#shims} name,
 * however the build starts them. Called on virtual threads, one for each inner run, many at once; a
 * thread is interrupted when nobody needs its answer any more, because the tool's process or the
 * whole run was killed. An IOException makes the tool run; an unchecked one ends the whole run.
 */
public interface InnerRuns {
  /**
   * A tool is about to run: its process waits. May take as long as it needs.
   *
   * @return {@link Hit} once all that the tool would have changed is in place
   */
  Decision asked(InnerRequest request) throws IOException, InterruptedException;

  /**
   * A tool that was let {@link Run} has ended; its parent does not know yet, so that what it wrote
   * is still as it left it. The process in the build ends when this returns. Not called if the run
   * as a whole is killed.
   */
  void ended(InnerRequest request, InnerEnded ended) throws IOException, InterruptedException;

  /** What becomes of an inner run. */
  sealed interface Decision {}

  /**
   * The tool does not run.
   *
   * @param exitCode 0 to 255
   * @param output what its process writes, in this order
   */
  record Hit(int exitCode, List<Output> output) implements Decision {
    public Hit {
      output = List.copyOf(output);
      if (exitCode < 0 || exitCode > 255) {
        throw new IllegalArgumentException("an exit code is 0 to 255, not " + exitCode);
      }
    }
  }

  /**
   * The tool runs, is observed, and {@link #ended} is called.
   *
   * @param harmless inherited descriptors that it may use without that being told, such as those of
   *     make's jobserver
   */
  record Run(Set<Integer> harmless) implements Decision {
    public static final int MAX_HARMLESS = 64;

    /** Every use of an inherited descriptor is told. */
    public Run() {
      this(Set.of());
    }

    public Run {
      harmless = Set.copyOf(harmless);
      if (harmless.size() > MAX_HARMLESS) {
        throw new IllegalArgumentException("at most " + MAX_HARMLESS + " harmless descriptors");
      }
    }
  }

  /** Runs every tool and forgets it. */
  InnerRuns NONE =
      new InnerRuns() {
        @Override
        public Decision asked(InnerRequest request) {
          return new Run();
        }

        @Override
        public void ended(InnerRequest request, InnerEnded ended) {}
      };
}
