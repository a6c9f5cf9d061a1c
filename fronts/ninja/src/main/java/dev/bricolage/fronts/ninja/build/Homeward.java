package dev.bricolage.fronts.ninja.build;

import dev.bricolage.action.Entry;
import dev.bricolage.action.TreePath;
import dev.bricolage.execute.Runs;
import dev.bricolage.fronts.ninja.manifest.Edge;
import dev.bricolage.fronts.ninja.mount.Mount;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.memo.Question;
import dev.bricolage.memo.Recall;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an edge gave, as it is to lie in the checkout and be seen by edges above: where a link, a
 * depfile or a dyndep file says where the sandbox had the workspace, it says where the checkout is.
 * What the command wrote otherwise stays as it wrote it.
 */
record Homeward(Build build, Edge edge) {

  /** A copy. */
  NavigableMap<TreePath, Entry> of(SortedMap<TreePath, Entry> changes)
      throws NinjaError, IOException {
    NavigableMap<TreePath, Entry> home = new TreeMap<>(changes);
    Mount mount = mount();
    if (mount.alias().isEmpty()) {
      return home;
    }
    home.replaceAll((path, entry) ->
        entry instanceof Entry.Link(String target) ? new Entry.Link(mount.home(target)) : entry);
    boolean stays = edge.binding("deps").isEmpty() || build.debug().keepDepfiles();
    if (stays && !edge.depfile().isEmpty()) {
      rewrite(edge.depfile(), home, mount::depfile);
    }
    for (String output : edge.manifest().paths(edge.outputs())) {
      if (build.folder().paths().isDyndep(output)) {
        rewrite(output, home, mount::told);
      }
    }
    return home;
  }

  /** How a file's text is changed. */
  private interface Rewriting {
    byte[] of(byte[] text);
  }

  private void rewrite(String name, Map<TreePath, Entry> home, Rewriting rewriting)
      throws IOException {
    Optional<TreePath> place = build.folder().place(name);
    if (place.isPresent() && home.get(place.get()) instanceof Entry.File file) {
      byte[] written = rewriting.of(build.blobs().read(file.digest()).orElseThrow());
      home.put(place.get(), new Entry.File(build.blobs().put(written), file.executable()));
    }
  }

  /** Why memory did not answer. */
  Runs.Why of(Runs.Why why) {
    return why instanceof Runs.Why.Differs(var differences)
        ? new Runs.Why.Differs(differences.stream().map(this::of).toList())
        : why;
  }

  private Recall.Difference of(Recall.Difference difference) {
    Question question = difference.question();
    return new Recall.Difference(
        new Question(question.kind(), mount().home(question.subject())),
        difference.remembered(),
        difference.now());
  }

  private Mount mount() {
    return build.folder().mount();
  }
}
