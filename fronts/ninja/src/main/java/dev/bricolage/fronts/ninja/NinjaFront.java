package dev.bricolage.fronts.ninja;

import dev.bricolage.action.event.Listener;
import dev.bricolage.fronts.ninja.NinjaWords.Telling;
import dev.bricolage.fronts.ninja.act.Acts;
import dev.bricolage.fronts.ninja.build.BuildFolder;
import dev.bricolage.fronts.ninja.build.Builder;
import dev.bricolage.fronts.ninja.build.Debug;
import dev.bricolage.fronts.ninja.build.Herald;
import dev.bricolage.fronts.ninja.build.Stopped;
import dev.bricolage.fronts.ninja.build.Teller;
import dev.bricolage.fronts.ninja.manifest.Ints;
import dev.bricolage.fronts.ninja.manifest.Manifest;
import dev.bricolage.fronts.ninja.status.Stats;
import dev.bricolage.fronts.ninja.status.StatusFormat;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.fronts.ninja.tool.Bench;
import dev.bricolage.fronts.ninja.tool.Subtool;
import dev.bricolage.fronts.ninja.tool.Targets;
import dev.bricolage.fronts.ninja.tool.ToolRun;
import dev.bricolage.sandbox.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** {@code bric ninja}. */
public final class NinjaFront {
  /** As many as ninja's. */
  private static final int MOST_TRIES = 100;

  private static final String INTERRUPTED = "interrupted by user";

  private final Builder builder;
  private final Manifests manifests = new Manifests();

  /** A front over this builder. */
  public NinjaFront(Builder builder) {
    this.builder = builder;
  }

  /**
   * Carries the request out; interrupting the thread ends it.
   *
   * @param console gets what ninja would print
   * @param acts carries out generators, installations, tests
   * @param listener hears of the build, of its edges and targets
   * @return with ninja's exit status: 0, 1 when something failed, or 2 when it was interrupted
   */
  public NinjaReport build(NinjaRequest request, Console console, Acts acts, Listener listener)
      throws IOException, InterruptedException {
    NinjaWords words = request.words();
    words.warnings().forEach(warning -> warn(console, warning));
    try {
      return words.tool().isPresent()
          ? NinjaReport.ofNothing(request, tool(words.tool().get(), request, console))
          : built(request, console, acts, new Herald(listener));
    } catch (NinjaError e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException(); // a file could not be read to its end
      }
      error(console, e.printed());
      return NinjaReport.ofNothing(request, 1);
    }
  }

  private int tool(Subtool tool, NinjaRequest request, Console console)
      throws NinjaError, IOException {
    NinjaWords words = request.words();
    Bench bench =
        new Bench(
            request.directory(),
            words.dryRun(),
            words.telling() == Telling.VERBOSE,
            text -> say(console, text),
            text -> complain(console, text));
    ToolRun run = new ToolRun(tool, bench);
    return tool.needsNoManifest()
        ? run.run(words.rest())
        : run.run(manifest(request, console), words.rest());
  }

  private NinjaReport built(NinjaRequest request, Console console, Acts acts, Herald herald)
      throws NinjaError, IOException, InterruptedException {
    NinjaWords words = request.words();
    boolean quiet = words.telling() == Telling.QUIET;
    Teller teller =
        new Teller(
            new StatusFormat(request.users().getOrDefault("NINJA_STATUS", StatusFormat.USUAL)),
            new Teller.Style(
                words.telling() == Telling.VERBOSE, quiet, request.width(), request.colours()),
            words.jobs(),
            bytes -> console.stdout(bytes, 0, bytes.length),
            line -> complain(console, line + "\n"),
            herald);
    Builder.Options options =
        new Builder.Options(
            words.jobs(),
            words.keepGoing(),
            words.load(),
            words.dryRun(),
            words.fresh(),
            words.strict(),
            new Debug(
                words.debugs(DebugMode.EXPLAIN),
                words.debugs(DebugMode.KEEPDEPFILE),
                words.debugs(DebugMode.KEEPRSP),
                words.debugs(DebugMode.MISSINGDEPS)),
            request.users(),
            acts,
            request.download());
    Stats stats = new Stats();
    long began = System.nanoTime();
    Manifest manifest = manifest(request, console);
    BuildFolder folder = folder(request, manifest, console);
    herald.located(folder);
    stats.add(".ninja parse", 1, System.nanoTime() - began);
    for (int tries = 1; isMadeAgain(folder, manifest, request, options, teller); tries++) {
      if (tries == MOST_TRIES) {
        throw NinjaError.error(
            "manifest '%s' still dirty after %d tries, perhaps system time is not set"
                .formatted(words.file(), MOST_TRIES));
      }
      manifest = manifest(request, console);
      folder = folder(request, manifest, console);
    }
    Ints targets = Targets.of(manifest, words.rest());
    herald.understood(folder, manifest, targets, builder::digest);
    began = System.nanoTime();
    int status = built(folder, manifest, targets, options, teller);
    stats.add("build", 1, System.nanoTime() - began);
    if (words.debugs(DebugMode.STATS)) {
      teller.enter(stats);
      say(console, stats.table());
    }
    if (words.dryRun()) {
      return NinjaReport.ofNothing(request, status);
    }
    return new NinjaReport(
        status, folder.folder(), folder.workspace().root(), teller.told(), teller.untold());
  }

  private int built(
      BuildFolder folder, Manifest manifest, Ints targets, Builder.Options options, Teller teller)
      throws NinjaError, IOException {
    teller.begin();
    try {
      builder.build(folder, manifest, targets, options, teller);
      teller.close();
      if (!options.dryRun()) {
        teller.herald().allCame();
      }
    } catch (Stopped stopped) {
      return stopped(teller, stopped.reason(), 1);
    } catch (InterruptedException interrupted) {
      return stopped(teller, INTERRUPTED, 2);
    } catch (IOException | UncheckedIOException failed) {
      if (!Thread.interrupted()) {
        throw failed;
      }
      return stopped(teller, INTERRUPTED, 2); // it was about to write, or to read
    }
    if (teller.finished() == 0) {
      teller.remark("ninja: no work to do.");
    }
    return 0;
  }

  private static int stopped(Teller teller, String reason, int status) {
    teller.herald().over();
    Thread.interrupted(); // who is interrupted twice is told once
    teller.close();
    teller.line("ninja: build stopped: " + reason + ".");
    return status;
  }

  private boolean isMadeAgain(
      BuildFolder folder,
      Manifest manifest,
      NinjaRequest request,
      Builder.Options options,
      Teller teller)
      throws NinjaError, IOException {
    teller.begin();
    try {
      return builder.regenerate(folder, manifest, request.words().file(), options, teller);
    } catch (NinjaError refused) {
      throw refused.isFatal() ? refused : rebuilding(request, refused.text());
    } catch (Stopped stopped) {
      throw rebuilding(request, stopped.reason());
    } catch (InterruptedException interrupted) {
      throw rebuilding(request, INTERRUPTED);
    }
  }

  private static NinjaError rebuilding(NinjaRequest request, String reason) {
    return NinjaError.error("rebuilding '" + request.words().file() + "': " + reason);
  }

  private BuildFolder folder(NinjaRequest request, Manifest manifest, Console console)
      throws NinjaError, IOException {
    Optional<Path> home = Optional.ofNullable(request.users().get("HOME")).map(Path::of);
    return builder.folder(
        request.directory(),
        manifest,
        home,
        request.words().sharedPath(),
        warning -> warn(console, warning));
  }

  private Manifest manifest(NinjaRequest request, Console console) throws NinjaError, IOException {
    return manifests.read(
        request.directory(),
        request.words().file(),
        request.words().choices(),
        warning -> warn(console, warning));
  }

  private static void error(Console console, String line) {
    complain(console, line + "\n");
  }

  private static void warn(Console console, String warning) {
    complain(console, "ninja: warning: " + warning + "\n");
  }

  private static void complain(Console console, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    console.stderr(bytes, 0, bytes.length);
  }

  private static void say(Console console, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    console.stdout(bytes, 0, bytes.length);
  }
}
