package dev.bricolage.memo;

import dev.bricolage.action.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The traces of every key, each key's as a decision tree: a radix tree over steps, in which traces
 * part where their answers do. A walk asks each question once and follows the answers, so that
 * finding the right trace among a thousand costs what it costs among one; traces that ask different
 * questions at the same place are tried one after the other.
 *
 * <p>Children are entries of their own, found by the answer's hash, so that a node with a thousand
 * of them is not read whole. Anything damaged or missing is a dead end, that is a miss.
 */
final class TraceTree {
  /** How many dead ends a walk explains before it goes on silently. */
  private static final int EXPLAINED = 8;

  private final TraceNodes nodes;
  private final Facts facts;

  TraceTree(TraceNodes nodes) {
    this.nodes = nodes;
    this.facts = new Facts(nodes);
  }

  Recall walk(Question key, View view) throws IOException {
    byte[] hash = hash(key);
    Optional<byte[]> root = nodes.get(rootKey(hash));
    if (root.isEmpty()) {
      return new Recall.FirstTime();
    }
    return new Walk(hash, view).from(longOf(root.get()));
  }

  /** One walk: what was asked so far, and the dead end that came nearest. */
  private final class Walk {
    private final byte[] key;
    private final View view;
    private final Map<Question, String> answers = new HashMap<>();
    private List<Recall.Difference> nearest = List.of();
    private int deadEnds;

    Walk(byte[] key, View view) {
      this.key = key;
      this.view = view;
    }

    Recall from(long root) throws IOException {
      Optional<String> value = at(root);
      if (value.isPresent()) {
        return new Recall.Fits(value.get(), answers.size());
      }
      return nearest.isEmpty() ? new Recall.FirstTime() : new Recall.Differs(nearest);
    }

    private Optional<String> at(long id) throws IOException {
      Optional<TraceNode> found = node(key, id);
      Optional<List<Step>> steps = found.flatMap(node -> facts.steps(node.facts()));
      if (steps.isEmpty()) {
        return Optional.empty();
      }
      TraceNode node = found.orElseThrow();
      List<Recall.Difference> differences = differences(steps.get());
      if (!differences.isEmpty()) {
        deadEnd(differences, id);
        return Optional.empty();
      }
      if (node.value().isPresent()) {
        return node.value();
      }
      return among(node, id);
    }

    private Optional<String> among(TraceNode node, long id) throws IOException {
      for (int i = 0; i < node.branches().size(); i++) {
        TraceNode.Branch branch = node.branches().get(i);
        String answer = ask(branch.question());
        Optional<Long> child = child(key, id, i, answer);
        if (child.isPresent()) {
          Optional<String> value = at(child.get());
          if (value.isPresent()) {
            return value;
          }
        } else {
          deadEnd(
              List.of(new Recall.Difference(branch.question(), branch.newest(), answer)),
              child(key, id, i, branch.newest()).orElse(-1L));
        }
      }
      return Optional.empty();
    }

    /** Asks all at once, which is how a view is cheap, and compares. */
    private List<Recall.Difference> differences(List<Step> steps) throws IOException {
      List<Question> unasked = new ArrayList<>();
      for (Step step : steps) {
        if (!answers.containsKey(step.question())) {
          unasked.add(step.question());
        }
      }
      List<String> given = view.answers(unasked);
      for (int i = 0; i < unasked.size(); i++) {
        answers.put(unasked.get(i), given.get(i));
      }
      List<Recall.Difference> differences = new ArrayList<>();
      for (Step step : steps) {
        String now = ask(step.question());
        if (!now.equals(step.answer())) {
          differences.add(new Recall.Difference(step.question(), step.answer(), now));
        }
      }
      return differences;
    }

    private String ask(Question question) throws IOException {
      String known = answers.get(question);
      if (known != null) {
        return known;
      }
      String answer = view.answers(List.of(question)).getFirst();
      answers.put(question, answer);
      return answer;
    }

    /**
     * Follows the newest trace below a dead end to its own end, so that everything that stands
     * against it is told, and keeps the shortest such list.
     */
    private void deadEnd(List<Recall.Difference> here, long from) throws IOException {
      if (++deadEnds > EXPLAINED) {
        return;
      }
      List<Recall.Difference> all = new ArrayList<>(here);
      Optional<TraceNode> node = node(key, from);
      long id = from;
      while (node.isPresent()) {
        addUnseen(all, differences(facts.steps(node.get().facts()).orElse(List.of())));
        int last = node.get().branches().size() - 1;
        if (last < 0) {
          break;
        }
        TraceNode.Branch branch = node.get().branches().get(last);
        Step step = new Step(branch.question(), branch.newest());
        addUnseen(all, differences(List.of(step)));
        id = child(key, id, last, branch.newest()).orElse(-1L);
        node = node(key, id);
      }
      if (nearest.isEmpty() || all.size() < nearest.size()) {
        nearest = all;
      }
    }

    private static void addUnseen(List<Recall.Difference> all, List<Recall.Difference> more) {
      for (Recall.Difference difference : more) {
        if (!all.contains(difference)) {
          all.add(difference);
        }
      }
    }
  }

  /** Adds a trace; gives the value that stood at the same answers, if it was another. */
  Optional<String> add(Trace trace) {
    Addition addition = new Addition(trace);
    nodes.update(addition::in);
    return addition.replaced.filter(value -> !value.equals(trace.value()));
  }

  /** One insertion: goes down as far as the trace agrees, then splits, branches or ends. */
  private static final class Addition {
    private final Trace trace;
    private final byte[] key;
    private Optional<String> replaced = Optional.empty();

    Addition(Trace trace) {
      this.trace = trace;
      this.key = hash(trace.key());
    }

    void in(TraceNodes.Edit edit) {
      List<Integer> numbers = new ArrayList<>(trace.steps().size());
      for (Step step : trace.steps()) {
        numbers.add(Facts.number(edit, step));
      }
      byte[] pointer = rootKey(key);
      int at = 0;
      while (true) {
        Optional<byte[]> target = edit.get(pointer);
        Optional<TraceNode> found =
            target.flatMap(id -> edit.get(nodeKey(key, longOf(id)))).flatMap(TraceNode::decode);
        if (found.isEmpty()) {
          hang(edit, pointer, TraceNode.leaf(numbers.subList(at, numbers.size()), trace.value()));
          return;
        }
        long id = longOf(target.orElseThrow());
        TraceNode node = found.get();
        int common = common(node.facts(), numbers, at);
        if (common < node.facts().size()) {
          id = split(edit, pointer, id, node, common);
          node = TraceNode.decode(edit.get(nodeKey(key, id)).orElseThrow()).orElseThrow();
        }
        at += common;
        if (at == numbers.size()) {
          replaced = node.value();
          edit.put(nodeKey(key, id), node.withValue(trace.value()).encode());
          return;
        }
        pointer = branch(edit, id, node, trace.steps().get(at));
        at++;
      }
    }

    private static int common(List<Integer> left, List<Integer> right, int from) {
      int same = 0;
      while (same < left.size()
          && from + same < right.size()
          && left.get(same).equals(right.get(from + same))) {
        same++;
      }
      return same;
    }

    /** Puts a new node above {@code node}, holding what is common; the old one keeps its id. */
    private long split(TraceNodes.Edit edit, byte[] pointer, long id, TraceNode node, int common) {
      Step parting = step(edit, node.facts().get(common));
      TraceNode.Branch branch = new TraceNode.Branch(parting.question(), parting.answer());
      TraceNode upper =
          new TraceNode(node.facts().subList(0, common), Optional.empty(), List.of(branch));
      long upperId = hang(edit, pointer, upper);
      edit.put(childKey(key, upperId, 0, parting.answer()), bytesOf(id));
      TraceNode lower = node.withFacts(node.facts().subList(common + 1, node.facts().size()));
      edit.put(nodeKey(key, id), lower.encode());
      return upperId;
    }

    private Step step(TraceNodes.Edit edit, int number) {
      return Facts.read(edit, number)
          .orElseThrow(() -> new IllegalStateException("fact " + number + " of a trace is lost"));
    }

    /** Makes sure the node has a branch for this step; gives the pointer to its child. */
    private byte[] branch(TraceNodes.Edit edit, long id, TraceNode node, Step step) {
      int known = node.branchOf(step.question());
      int at = known < 0 ? node.branches().size() : known;
      TraceNode.Branch branch = new TraceNode.Branch(step.question(), step.answer());
      edit.put(nodeKey(key, id), node.withBranch(at, branch).encode());
      return childKey(key, id, at, step.answer());
    }

    private long hang(TraceNodes.Edit edit, byte[] pointer, TraceNode node) {
      byte[] counter = ByteBuffer.allocate(33).put((byte) 'y').put(key).array();
      long id = edit.get(counter).map(TraceTree::longOf).orElse(0L);
      edit.put(counter, bytesOf(id + 1));
      edit.put(nodeKey(key, id), node.encode());
      edit.put(pointer, bytesOf(id));
      return id;
    }
  }

  private Optional<TraceNode> node(byte[] key, long id) {
    return id < 0 ? Optional.empty() : nodes.get(nodeKey(key, id)).flatMap(TraceNode::decode);
  }

  private Optional<Long> child(byte[] key, long id, int branch, String answer) {
    return nodes.get(childKey(key, id, branch, answer)).map(TraceTree::longOf);
  }

  private static byte[] hash(Question key) {
    return Digest.of(TraceNode.Encoding.bytes(out -> TraceNode.Encoding.question(out, key))).hash();
  }

  private static byte[] rootKey(byte[] key) {
    return ByteBuffer.allocate(33).put((byte) 'r').put(key).array();
  }

  private static byte[] nodeKey(byte[] key, long id) {
    return ByteBuffer.allocate(41).put((byte) 'n').put(key).putLong(id).array();
  }

  private static byte[] childKey(byte[] key, long id, int branch, String answer) {
    return ByteBuffer.allocate(77)
        .put((byte) 'c')
        .put(key)
        .putLong(id)
        .putInt(branch)
        .put(Digest.of(answer).hash())
        .array();
  }

  private static byte[] bytesOf(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  private static long longOf(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }
}
