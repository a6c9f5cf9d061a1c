package dev.bricolage.toy.query;

import dev.bricolage.memo.Codec;
import dev.bricolage.memo.Fetch;
import dev.bricolage.toy.check.Problems;
import dev.bricolage.toy.machine.Assembly;
import dev.bricolage.toy.machine.Build;
import dev.bricolage.toy.machine.Executable;
import dev.bricolage.toy.syntax.Outline;
import dev.bricolage.toy.syntax.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** These files, checked and linked. */
public record Program(List<String> files) implements Stage<Build> {
  /** Copies. */
  public Program {
    files = List.copyOf(files);
  }

  @Override
  public Build run(Fetch fetch) throws InterruptedException {
    fetch.fetchAll(files.stream().map(Scope::new).toList()); // cycles of imports come out here
    List<Outline> outlines = fetch.fetchAll(files.stream().map(Items::new).toList());
    List<Build.Finding> findings = new ArrayList<>();
    List<Code> functions = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      findings.addAll(findings(files.get(i), outlines.get(i), fetch));
      functions.addAll(functions(files.get(i), outlines.get(i)));
    }
    return findings.isEmpty() ? new Build.Done(link(functions, fetch)) : new Build.Failed(findings);
  }

  private static List<Build.Finding> findings(String file, Outline outline, Fetch fetch)
      throws InterruptedException {
    List<Check> checks =
        outline.items().stream().map(item -> new Check(file, item.name())).toList();
    List<Problems> checked = fetch.fetchAll(checks);
    List<Problem> all = new ArrayList<>(outline.problems());
    for (int i = 0; i < checked.size(); i++) {
      int start = outline.items().get(i).start();
      checked.get(i).list().forEach(problem -> all.add(problem.below(start)));
    }
    all.sort(Comparator.comparingInt(Problem::at));
    return all.stream().map(problem -> new Build.Finding(file, problem)).toList();
  }

  private static List<Code> functions(String file, Outline outline) {
    return outline.items().stream()
        .filter(item -> item.kind() == Outline.Item.Kind.FUNCTION)
        .map(item -> new Code(file, item.name()))
        .toList();
  }

  private static Executable link(List<Code> functions, Fetch fetch) throws InterruptedException {
    List<Assembly> code = fetch.fetchAll(functions);
    SequencedMap<String, Assembly> named = new LinkedHashMap<>();
    for (int i = 0; i < code.size(); i++) {
      Code function = functions.get(i);
      named.put(Code.symbol(function.file(), function.name()), code.get(i));
    }
    return Executable.link(named);
  }

  @Override
  public Codec<Build> valueCodec() {
    return Codec.ofRecord(Build.class);
  }
}
