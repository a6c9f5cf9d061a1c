package dev.bricolage.workspace;

import dev.bricolage.action.TreePath;
import dev.bricolage.store.Products;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.ignore.IgnoreNode;

/**
 * Which files of a workspace are inputs. With git: what it tracks, and what it neither tracks nor
 * ignores. Without: everything. Never: {@code .git}, what {@code .bricignore} names, and products,
 * the files earlier runs made and git does not track. {@code --in} and {@code --out} have the last
 * word.
 *
 * <p>A folder that exists only for what is hidden in it does not exist, unless the command is to
 * run in it: {@code build/} is ignored in many a checkout, and many a person stands there. An
 * object is good for one request: it looks at every ignore file once.
 */
public final class Visibility {
  private final Workspace workspace;
  private final Sources sources;
  private final Optional<Path> globalIgnore;
  private final List<TreePath> in;
  private final List<TreePath> out;
  private final TreePath standing;
  private final Map<TreePath, Rules> rules = new HashMap<>();
  private final Set<TreePath> folders = new HashSet<>();
  private final Map<TreePath, List<HostFiles.Name>> names = new HashMap<>();
  private final Set<Path> looked = new HashSet<>();

  /** What outlives a request: parsed files, and the memory of products. */
  public static final class Sources {
    private final IgnoreRules ignoreRules = new IgnoreRules();
    private final FileCache<GitIndex> indexes = new FileCache<>(GitIndex::read);
    private final Products products;

    /** Nothing is known yet. */
    public Sources(Products products) {
      this.products = products;
    }
  }

  /**
   * What is decided for everything in a folder.
   *
   * @param worktree the git worktree it is in, or the workspace's root
   * @param git ignore files of git from the worktree's root down, with their folders
   * @param bric the same of ours, from the workspace's root
   */
  private record Rules(
      TreePath worktree,
      GitIndex index,
      List<Placed> git,
      List<Placed> bric,
      boolean ignored,
      IgnoreRules.Verdict ours) {}

  private record Placed(TreePath folder, IgnoreNode node) {
    IgnoreRules.Verdict verdict(TreePath path, boolean isFolder) {
      return IgnoreRules.verdict(node, below(path, folder), isFolder);
    }
  }

  /**
   * What a command that stands in {@code standing} sees.
   *
   * @param in shown although git ignores it
   * @param out hidden although git tracks it
   */
  public Visibility(
      Workspace workspace,
      Sources sources,
      Optional<Path> globalIgnore,
      List<TreePath> in,
      List<TreePath> out,
      TreePath standing) {
    this.workspace = workspace;
    this.standing = standing;
    this.sources = sources;
    this.globalIgnore = globalIgnore;
    this.in = in;
    this.out = out;
  }

  /** What is at a path for a command to see; absent when it is hidden. */
  public Stat at(TreePath path) throws IOException {
    if (!liesInFolders(path)) {
      return Stat.ABSENT;
    }
    Stat stat = Stat.of(workspace.resolve(path));
    if (path.equals(TreePath.ROOT) || !stat.exists()) {
      return stat;
    }
    return shows(path, stat.type()) ? stat : Stat.ABSENT;
  }

  /**
   * Whether every folder above is a real one. Where one has become a link, the snapshot has nothing
   * at this path, and what the link leads to may be a loop, or lie outside and be none of ours.
   */
  private boolean liesInFolders(TreePath path) throws IOException {
    for (TreePath above : path.ancestors()) {
      if (folders.contains(above)) {
        continue;
      }
      if (!Stat.of(workspace.resolve(above)).isDirectory()) {
        return false;
      }
      folders.add(above);
    }
    return true;
  }

  /**
   * Where it has looked besides the paths it was asked for: while there, and there, everything
   * stands still, and the products are the same, what it has answered holds.
   */
  public Set<Path> looked() {
    Set<Path> all = new HashSet<>(looked);
    folders.forEach(folder -> all.add(workspace.resolve(folder)));
    names.keySet().forEach(folder -> all.add(workspace.resolve(folder)));
    return all;
  }

  /** Why a path that is there on disk is hidden from commands, for people; empty when it is not. */
  public Optional<String> hiddenBecause(TreePath path) throws IOException {
    Stat stat = Stat.of(workspace.resolve(path));
    boolean asked = within(path, out);
    if (asked || !stat.exists() || path.equals(TreePath.ROOT) || at(path).exists()) {
      return Optional.empty();
    }
    return Optional.of(isProduct(path) ? "an earlier run made it" : "it is ignored");
  }

  /**
   * The visible names in a folder.
   *
   * @throws UserError when one is not UTF-8, which no tree can hold
   */
  public List<HostFiles.Name> names(TreePath folder) throws IOException {
    List<HostFiles.Name> known = names.get(folder);
    if (known != null) {
      return known;
    }
    List<HostFiles.Name> visible = new ArrayList<>();
    for (HostFiles.Name name : HostFiles.list(HostFiles.bytes(workspace.resolve(folder)))) {
      if (shows(folder.child(text(name, folder)), name.type())) {
        visible.add(name);
      }
    }
    names.put(folder, visible);
    return visible;
  }

  private static String text(HostFiles.Name name, TreePath folder) throws UserError {
    Optional<String> text = name.text();
    if (text.isEmpty()) {
      throw new UserError(
          folder
              + "/"
              + escaped(name.bytes())
              + ": the name is not UTF-8, which no remote cache can hold: rename it");
    }
    return text.get();
  }

  private static String escaped(byte[] bytes) {
    StringBuilder shown = new StringBuilder();
    for (byte b : bytes) {
      shown.append(b >= 0x20 && b < 0x7F ? String.valueOf((char) b) : String.format("\\x%02x", b));
    }
    return shown.toString();
  }

  private boolean shows(TreePath path, Stat.Type type) throws IOException {
    if (!selected(path, type == Stat.Type.DIRECTORY)) {
      return false;
    }
    if (type != Stat.Type.DIRECTORY) {
      return true;
    }
    boolean needsContent = !standing.startsWith(path) && (workspace.git() || isProduct(path));
    return !needsContent || !names(path).isEmpty();
  }

  private boolean selected(TreePath path, boolean folder) throws IOException {
    if (folder && standing.startsWith(path)) {
      return true;
    }
    if (within(path, out) || path.name().startsWith(WriteBack.TEMPORARY)) {
      return false;
    }
    if (within(path, in) || in.stream().anyMatch(kept -> kept.startsWith(path))) {
      return true;
    }
    if (path.name().equals(".git")) {
      return false;
    }
    Rules around = rules(path.parent());
    IgnoreRules.Verdict ours = verdict(around.bric(), path, folder).or(around.ours());
    if (ours == IgnoreRules.Verdict.IGNORED) {
      return false;
    }
    if (around.index().tracks(below(path, around.worktree()))) {
      return true;
    }
    if (!folder && isProduct(path)) {
      return false;
    }
    return ours == IgnoreRules.Verdict.INCLUDED
        || !(around.ignored() || ignoredByGit(around, path, folder));
  }

  private boolean isProduct(TreePath path) throws IOException {
    return sources.products.get(workspace.id(), path).isPresent();
  }

  private static boolean within(TreePath path, List<TreePath> roots) {
    return roots.stream().anyMatch(path::startsWith);
  }

  private static boolean ignoredByGit(Rules around, TreePath path, boolean folder) {
    return verdict(around.git(), path, folder) == IgnoreRules.Verdict.IGNORED;
  }

  /** The nearest file that says something decides. */
  private static IgnoreRules.Verdict verdict(List<Placed> rules, TreePath path, boolean folder) {
    for (Placed placed : rules.reversed()) {
      IgnoreRules.Verdict verdict = placed.verdict(path, folder);
      if (verdict != IgnoreRules.Verdict.SILENT) {
        return verdict;
      }
    }
    return IgnoreRules.Verdict.SILENT;
  }

  private Rules rules(TreePath folder) throws IOException {
    Rules known = rules.get(folder);
    if (known != null) {
      return known;
    }
    Rules made = folder.equals(TreePath.ROOT) ? rootRules() : rulesBelow(folder);
    rules.put(folder, made);
    return made;
  }

  private Rules rootRules() throws IOException {
    List<Placed> bric = withFile(List.of(), TreePath.ROOT, ".bricignore");
    if (!workspace.git()) {
      return new Rules(
          TreePath.ROOT, GitIndex.NONE, List.of(), bric, false, IgnoreRules.Verdict.SILENT);
    }
    return worktreeRules(TreePath.ROOT, bric, IgnoreRules.Verdict.SILENT);
  }

  private Rules worktreeRules(TreePath worktree, List<Placed> bric, IgnoreRules.Verdict ours)
      throws IOException {
    Path gitFolder = GitIndex.folder(workspace.resolve(worktree));
    Path indexFile = gitFolder.resolve("index");
    Path exclude = GitIndex.common(gitFolder).resolve("info/exclude");
    looked.add(workspace.resolve(worktree).resolve(".git"));
    looked.addAll(List.of(indexFile, gitFolder.resolve("commondir"), exclude));
    Stat stat = Stat.of(indexFile);
    GitIndex index = stat.exists() ? sources.indexes.get(indexFile, stat) : GitIndex.NONE;
    List<Placed> git = new ArrayList<>();
    if (globalIgnore.isPresent()) {
      looked.add(globalIgnore.get());
      git.add(new Placed(worktree, sources.ignoreRules.in(globalIgnore.get())));
    }
    git.add(new Placed(worktree, sources.ignoreRules.in(exclude)));
    return new Rules(worktree, index, withFile(git, worktree, ".gitignore"), bric, false, ours);
  }

  private Rules rulesBelow(TreePath folder) throws IOException {
    Rules around = rules(folder.parent());
    IgnoreRules.Verdict ours = verdict(around.bric(), folder, true).or(around.ours());
    List<Placed> bric = withFile(around.bric(), folder, ".bricignore");
    Path dotGit = workspace.resolve(folder.child(".git"));
    looked.add(dotGit);
    if (workspace.git() && Stat.of(dotGit).exists()) {
      return worktreeRules(folder, bric, ours);
    }
    boolean ignored = around.ignored() || ignoredByGit(around, folder, true);
    List<Placed> git =
        workspace.git() && !ignored ? withFile(around.git(), folder, ".gitignore") : around.git();
    return new Rules(around.worktree(), around.index(), git, bric, ignored, ours);
  }

  private List<Placed> withFile(List<Placed> rules, TreePath folder, String file)
      throws IOException {
    Path place = workspace.resolve(folder.child(file));
    looked.add(place);
    IgnoreNode node = sources.ignoreRules.in(place);
    if (node.getRules().isEmpty()) {
      return rules;
    }
    List<Placed> more = new ArrayList<>(rules);
    more.add(new Placed(folder, node));
    return more;
  }

  private static String below(TreePath path, TreePath folder) {
    return folder.equals(TreePath.ROOT)
        ? path.value()
        : path.value().substring(folder.value().length() + 1);
  }

  /** The user's own ignore file, where git looks when its configuration does not say. */
  public static Optional<Path> globalIgnore(Map<String, String> environment) {
    String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    if (!config.isEmpty()) {
      return Optional.of(Path.of(config, "git", "ignore"));
    }
    return home.isEmpty()
        ? Optional.empty()
        : Optional.of(Path.of(home, ".config", "git", "ignore"));
  }

  /** A link's target as text. */
  static String link(Path path) throws IOException {
    return new String(HostFiles.readLink(HostFiles.bytes(path)), StandardCharsets.UTF_8);
  }
}
