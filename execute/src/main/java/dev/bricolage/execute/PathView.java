package dev.bricolage.execute;

import dev.bricolage.action.PathFact;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a sandbox would show: the workspace at its mount point, the host's folders at their own
 * paths, and nothing anywhere else.
 */
public final class PathView implements View {
  private final String mount;
  private final PathFacts workspace;
  private final List<String> hostRoots;
  private final PathFacts host;

  /**
   * A view.
   *
   * @param mount where the workspace appears
   * @param hostRoots absolute paths of the host that appear as they are
   */
  public PathView(String mount, PathFacts workspace, List<String> hostRoots, PathFacts host) {
    this.mount = mount;
    this.workspace = workspace;
    this.hostRoots = List.copyOf(hostRoots);
    this.host = host;
  }

  @Override
  public List<String> answers(List<Question> questions) throws IOException {
    List<String> answers = new ArrayList<>(questions.size());
    for (Question question : questions) {
      Optional<PathFact> fact = FactKey.fact(question);
      answers.add(fact.isPresent() ? answer(fact.get()).text() : View.UNANSWERABLE);
    }
    return answers;
  }

  /** The answer to one fact's question. */
  public PathFact.Answer answer(PathFact fact) throws IOException {
    Optional<PathFacts> part = part(fact.path());
    return part.isPresent() ? part.get().answer(fact) : PathFact.Answer.ABSENT;
  }

  /** Whether a path lies in a part whose contents are not fixed by the sandbox itself. */
  boolean shows(String path) {
    return part(path).isPresent();
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
