package dev.bricolage.fronts.reapi.execution;

import dev.bricolage.action.Command;
import dev.bricolage.action.Digest;
import dev.bricolage.action.Outcome;
import dev.bricolage.execute.Control;
import dev.bricolage.execute.Execution;
import dev.bricolage.execute.FactKey;
import dev.bricolage.execute.LocalExecutor;
import dev.bricolage.execute.Machine;
import dev.bricolage.execute.RunKey;
import dev.bricolage.execute.Runs;
import dev.bricolage.execute.Toolset;
import dev.bricolage.execute.TreeFacts;
import dev.bricolage.memo.Step;
import dev.bricolage.memo.Trace;
import dev.bricolage.sandbox.Console;
import dev.bricolage.store.Lease;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Does clients' work as the house does its own: in a sandbox that shows the action's inputs and the
 * machine's folders, observed, and remembered by what it really read. So an action whose unused
 * input changed is another action for the client, and not run again here.
 */
public final class SandboxedExecutor implements ActionExecutor {
  /** Where commands see their inputs, unless a house like ours says where. */
  private static final String MOUNT = "/build";

  /** Beside {@code bric-machine}, where the workspace has another path. */
  private static final String ALIAS = "alias";

  /** Likewise, the tools that are remembered one by one within the command. */
  private static final String TOOLS = "tools";

  /** Who gets what another's run gave, at the same time, asks memory what that rests on. */
  private static final int TRIES = 8;

  private final Runs runs;
  private final Supplier<Lease> leases;
  private final Slots slots;

  /**
   * An executor.
   *
   * @param leases keeps what a run needs and makes from being collected
   * @param jobs how many actions run side by side; the others wait in the order of their priorities
   */
  public SandboxedExecutor(Runs runs, Supplier<Lease> leases, int jobs) {
    this.runs = runs;
    this.leases = leases;
    this.slots = new Slots(jobs);
  }

  @Override
  public Executed run(Work work, Progress progress) throws InterruptedException {
    String mount = mount(work);
    for (String place : Stream.concat(Stream.of(mount), alias(work).stream()).toList()) {
      Optional<String> harm = Machine.cannotHoldWorkspace(place);
      if (harm.isPresent()) {
        return new Executed.Refused(
            "the workspace cannot appear at '%s': %s".formatted(place, harm.get()));
      }
    }
    Optional<String> unmet = unmet(work, mount);
    if (unmet.isPresent()) {
      return new Executed.Failed(false, unmet.get());
    }
    slots.acquire(work.priority());
    try (Lease _ = leases.get()) {
      progress.started();
      return answered(work, mount, progress.console());
    } catch (LocalExecutor.SandboxRefused e) {
      return new Executed.Failed(false, message(e));
    } catch (IOException e) {
      return new Executed.Failed(true, message(e));
    } finally {
      slots.release();
    }
  }

  private static String mount(Work work) {
    return work.isOurs() ? work.platform().getOrDefault("workspace", MOUNT) : MOUNT;
  }

  /** What an action wants of the machine that this one is not; what is not known is let be. */
  private Optional<String> unmet(Work work, String mount) {
    Map<String, String> own = work.isOurs() ? platform(work, mount) : Map.of();
    for (Map.Entry<String, String> wanted : work.platform().entrySet()) {
      String value = wanted.getValue().toLowerCase(Locale.ROOT);
      boolean met =
          own.containsKey(wanted.getKey())
              ? wanted.getValue().equals(own.get(wanted.getKey()))
              : isMet(wanted.getKey(), value, !own.isEmpty());
      if (!met) {
        return Optional.of(
            "no machine here has %s=%s".formatted(wanted.getKey(), wanted.getValue()));
      }
    }
    return Optional.empty();
  }

  private static boolean isMet(String property, String value, boolean ours) {
    return switch (property) {
      case "OSFamily" -> value.equals("linux");
      case "ISA", "Arch" -> isThis(value);
      case "container-image" -> value.isEmpty() || value.equals("none");
      case "read-only" -> !ours; // folders of the client's own machine
      default -> true;
    };
  }

  private static boolean isThis(String architecture) {
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    return arm
        ? architecture.startsWith("arm64") || architecture.startsWith("aarch64")
        : architecture.startsWith("x86-64")
            || architecture.startsWith("x86_64")
            || architecture.startsWith("amd64");
  }

  private static String message(IOException e) {
    return Objects.requireNonNullElse(e.getMessage(), e.toString());
  }

  private Executed answered(Work work, String mount, Console console)
      throws IOException, InterruptedException {
    Instant started = Instant.now();
    Command command = command(work, mount);
    Runs.Ask ask =
        new Runs.Ask(
            command,
            new TreeFacts(work.inputs(), mount),
            work::inputs,
            work.timeout(),
            !work.mayBeRemembered(),
            tools(work),
            alias(work));
    Runs.Answered answered = answered(ask, console, work.isOurs());
    Outcome outcome = answered.outcome();
    if (answered instanceof Runs.Answered.Ran ran
        && ran.execution().ending() instanceof Execution.Ending.TimedOut) {
      return new Executed.TimedOut(outcome.stdout(), outcome.stderr());
    }
    boolean remembered = answered instanceof Runs.Answered.Remembered;
    return new Executed.Finished(
        outcome, started, Instant.now(), remembered, Optional.of(seen(command, answered)));
  }

  private Runs.Answered answered(Runs.Ask ask, Console console, boolean mustRest)
      throws IOException, InterruptedException {
    Control control = new Control(Thread.currentThread()::interrupt);
    Runs.Answered answered = runs.ask(ask, console, control);
    for (int left = TRIES; mustRest && left > 0 && isOthers(answered); left--) {
      answered = runs.ask(ask, console, control);
    }
    return answered;
  }

  private static boolean isOthers(Runs.Answered answered) {
    return answered instanceof Runs.Answered.Remembered known && known.rests().isEmpty();
  }

  private static Toolset tools(Work work) {
    return work.isOurs() ? Toolset.parse(work.platform().getOrDefault(TOOLS, "")) : Toolset.NONE;
  }

  private static Executed.Seen seen(Command command, Runs.Answered answered) {
    Optional<String> forgotten =
        answered instanceof Runs.Answered.Ran ran ? ran.forgotten() : Optional.empty();
    List<Step> steps =
        answered instanceof Runs.Answered.Ran ran && forgotten.isPresent()
            ? ran.execution().asked().stream()
                .map(fact -> new Step(new FactKey(fact).question(), ""))
                .toList()
            : answered.rests();
    String came = Digest.of(answered.outcome().encode()).toString();
    return new Executed.Seen(new Trace(new RunKey(command).question(), steps, came), forgotten);
  }

  private SortedMap<String, String> platform(Work work, String mount) {
    return work.isOurs() && work.platform().containsKey(Machine.ALIAS)
        ? runs.aliasedPlatform(mount)
        : runs.platform(mount, List.of());
  }

  /** The checkout's own path, which is no part of the command. */
  private static Optional<String> alias(Work work) {
    return work.isOurs() && work.platform().containsKey(Machine.ALIAS)
        ? Optional.ofNullable(work.platform().get(ALIAS))
        : Optional.empty();
  }

  private Command command(Work work, String mount) {
    String folder = work.directory().value();
    return new Command(
        work.arguments(),
        work.environment(),
        folder.isEmpty() ? mount : mount + "/" + folder,
        platform(work, mount));
  }
}
