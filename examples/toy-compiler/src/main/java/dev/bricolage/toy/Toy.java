package dev.bricolage.toy;

import dev.bricolage.memo.Cycle;
import dev.bricolage.memo.TaskFailed;
import dev.bricolage.memo.engine.Memo;
import dev.bricolage.memo.profile.ChromeTrace;
import dev.bricolage.memo.trace.TraceMemory;
import dev.bricolage.store.BlobValues;
import dev.bricolage.store.Store;
import dev.bricolage.store.StoreException;
import dev.bricolage.toy.machine.Build;
import dev.bricolage.toy.machine.Executable;
import dev.bricolage.toy.machine.Machine;
import dev.bricolage.toy.query.Code;
import dev.bricolage.toy.query.Program;
import dev.bricolage.toy.query.Signature;
import dev.bricolage.toy.query.SourceText;
import dev.bricolage.toy.query.Stage;
import dev.bricolage.toy.syntax.Lexer;
import dev.bricolage.toy.syntax.Symbol;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/** The program: compiles a folder, tells what it had to do for that, and runs {@code main}. */
public final class Toy {
  private static final String MAIN = "main";

  private final PrintStream out;
  private final PrintStream err;

  Toy(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** {@code toy FOLDER [--store FOLDER] [--trace FILE]}. */
  public static void main(String[] words) throws InterruptedException {
    System.exit(new Toy(System.out, System.err).run(words));
  }

  /** The exit status: 0, 1 when the program is wrong, 64 when the command line is, 74 for files. */
  int run(String... words) throws InterruptedException {
    try {
      return run(Order.of(words));
    } catch (IllegalArgumentException misunderstood) {
      err.println("toy: " + misunderstood.getMessage());
      return 64;
    } catch (NoSuchFileException | NotDirectoryException nowhere) {
      err.println("toy: there is no folder " + nowhere.getMessage());
      return 74;
    } catch (IOException e) {
      err.println("toy: " + e);
      return 74;
    } catch (StoreException e) {
      err.println("toy: " + e.getMessage());
      return 74;
    }
  }

  private int run(Order order) throws IOException, InterruptedException {
    Folder folder = new Folder(order.folder());
    List<String> sources = folder.sources();
    Worklog log = new Worklog();
    try (Store store = store(order);
        OutputStream traced = traced(order);
        ChromeTrace trace = ChromeTrace.to(traced)) {
      Memo memo =
          Memo.builder()
              .view(folder)
              .traces(new TraceMemory(store.traces()), new BlobValues(store.blobs()), Stage.kinds())
              .listener(log.andThen(trace))
              .open();
      int status = compile(memo, sources);
      log.lines().forEach(out::println);
      return status;
    }
  }

  private Store store(Order order) {
    return order.store().map(home -> Store.open(home, err::println)).orElseGet(Store::memory);
  }

  private static OutputStream traced(Order order) throws IOException {
    return order.trace().isPresent()
        ? Files.newOutputStream(order.trace().get())
        : OutputStream.nullOutputStream();
  }

  private int compile(Memo memo, List<String> sources) throws InterruptedException {
    try {
      return switch (memo.get(new Program(sources))) {
        case Build.Failed failed -> tell(memo, failed);
        case Build.Done done -> start(memo, done.executable());
      };
    } catch (Cycle | TaskFailed failed) {
      err.println("toy: " + failed.getMessage());
      return 1;
    }
  }

  private int tell(Memo memo, Build.Failed failed) throws InterruptedException {
    for (Build.Finding found : failed.findings()) {
      String text = memo.get(new SourceText(found.file()));
      int line = Lexer.line(text, found.problem().at());
      err.println(found.file() + ":" + line + ": " + found.problem().message());
    }
    return 1;
  }

  /** Runs {@code main} of {@code main.toy}, if there is one that takes nothing. */
  private int start(Memo memo, Executable program) throws InterruptedException {
    String symbol = Code.symbol("main.toy", MAIN);
    if (!program.entries().containsKey(symbol)
        || !(memo.get(new Signature("main.toy", MAIN)) instanceof Symbol.Function main)
        || !main.parameters().isEmpty()) {
      out.println("compiled; there is no main() in main.toy to run");
      return 0;
    }
    try {
      out.println("main() = " + Machine.run(program, symbol));
      return 0;
    } catch (ArithmeticException stopped) {
      err.println("toy: main() stopped: " + stopped.getMessage());
      return 1;
    }
  }
}
