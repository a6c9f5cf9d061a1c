package dev.bricolage.execute;

import dev.bricolage.action.PathFact;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.View;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox would show: the workspace at its mount point, the host's folders at their own
 * paths, and nothing anywhere else but what is {@link Around} them.
 */
public final class PathView implements View {
  private final String mount;
  private final PathFacts workspace;
  private final List<String> hostRoots;
  private final PathFacts host;
  private final Around around;

  /**
   * A view.
   *
   * @param mount where the workspace appears
   * @param hostRoots absolute paths of the host that appear as they are
   */
  PathView(
      String mount, PathFacts workspace, List<String> hostRoots, PathFacts host, Around around) {
    this.around = around;
    this.mount = mount;
    this.workspace = workspace;
    this.hostRoots = List.copyOf(hostRoots);
    this.host = host;
  }

  @Override
  public List<String> answers(List<Question> questions) throws IOException {
    String[] answers = new String[questions.size()];
    Part machine = new Part(host);
    Part checkout = new Part(workspace);
    for (int i = 0; i < answers.length; i++) {
      Optional<PathFact> fact = FactKey.fact(questions.get(i));
      answers[i] = fact.isPresent() ? around.answer(fact.get()).text() : View.UNANSWERABLE;
      if (fact.isPresent()) {
        String path = fact.get().path();
        Optional<Part> part =
            fromHost(path)
                ? Optional.of(machine)
                : below(path, mount) ? Optional.of(checkout) : Optional.empty();
        int index = i;
        part.ifPresent(asked -> asked.add(index, fact.get()));
      }
    }
    beside(machine, checkout);
    machine.fill(answers);
    checkout.fill(answers);
    return List.of(answers);
  }

  /** The questions of one part of the view, and their answers. */
  private static final class Part {
    /** So few are answered before another thread has begun. */
    private static final int FEW = 32;

    private final PathFacts source;
    private final List<Integer> indexes = new ArrayList<>();
    private final List<PathFact> facts = new ArrayList<>();
    private List<PathFact.Answer> answers = List.of();

    Part(PathFacts source) {
      this.source = source;
    }

    void add(int index, PathFact fact) {
      indexes.add(index);
      facts.add(fact);
    }

    boolean isLarge() {
      return facts.size() > FEW;
    }

    @Nullable Void look() throws IOException {
      answers = source.answers(facts);
      return null;
    }

    void fill(String[] all) {
      for (int i = 0; i < answers.size(); i++) {
        all[indexes.get(i)] = answers.get(i).text();
      }
    }
  }

  /**
   * Looks at the one part while another thread looks at the other, if both have much to look at.
   */
  private static void beside(Part machine, Part checkout) throws IOException {
    if (!machine.isLarge() || !checkout.isLarge()) {
      machine.look();
      checkout.look();
      return;
    }
    FutureTask<@Nullable Void> other = new FutureTask<>(machine::look);
    Thread.ofVirtual().name("look").start(other);
    checkout.look();
    try {
      other.get();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while looking at the machine's files");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failed -> throw failed;
        case RuntimeException failed -> throw failed;
        case Error failed -> throw failed;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /** The answer to one fact's question. */
  public PathFact.Answer answer(PathFact fact) throws IOException {
    Optional<PathFacts> part = part(fact.path());
    return part.isPresent() ? part.get().answer(fact) : around.answer(fact);
  }

  /** Whether a question is about a part whose contents are not fixed by the sandbox itself. */
  boolean shows(PathFact fact) {
    return part(fact.path()).isPresent() || around.varies(fact);
  }

  /** Whether a path is answered from the host; the deepest root that holds it decides. */
  boolean fromHost(String path) {
    int root = deepestRoot(path);
    return root >= 0 && !(below(path, mount) && mount.length() > root);
  }

  private Optional<PathFacts> part(String path) {
    if (fromHost(path)) {
      return Optional.of(host);
    }
    return below(path, mount) ? Optional.of(workspace) : Optional.empty();
  }

  private int deepestRoot(String path) {
    int deepest = -1;
    for (String root : hostRoots) {
      if (root.length() > deepest && below(path, root)) {
        deepest = root.length();
      }
    }
    return deepest;
  }

  private static boolean below(String path, String root) {
    return path.startsWith(root)
        && (path.length() == root.length() || path.charAt(root.length()) == '/');
  }
}
