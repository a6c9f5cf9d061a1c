package dev.bricolage.execute;

import dev.bricolage.action.Action;
import dev.bricolage.action.Command;
import dev.bricolage.sandbox.MountOp;
import dev.bricolage.sandbox.Plan;
import dev.bricolage.store.host.HostFiles;
import dev.bricolage.store.host.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The machine a command finds itself on: drawn up as data, obeyed by the sandbox. Everything that
 * is not listed here is absent. What is the same for every run is named by {@link #VERSION}, which
 * is part of every key; the host's own folders are observed instead.
 */
public final class Machine {
  /** Changes whenever what a command sees that no question observes changes. */
  public static final String VERSION = "2";

  /** The user's name, home and number inside. */
  public static final String HOME = "/home/bric";

  private static final int UID = 1000;

  /** The property of commands that may find the checkout's own path. */
  public static final String ALIAS = "workspace-alias";

  /** The host's folders that hold programs and their data, where they exist. */
  private static final List<String> SYSTEM =
      List.of(
          "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/nix");

  /** Folders of the kernel's, which are not the host's in a sandbox. */
  static final List<String> KERNEL = List.of("/proc", "/dev", "/sys", "/run");

  private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom");

  /** The few files of the host that tell who and where we are, in the sandbox's own words. */
  private static final Map<String, String> OWN_FILES =
      new TreeMap<>(
          Map.of(
              "/etc/passwd",
              """
              root:x:0:0:root:/root:/bin/sh
              bric:x:1000:1000:bric:/home/bric:/bin/sh
              nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
              """,
              "/etc/group",
              "root:x:0:\nbric:x:1000:\nnogroup:x:65534:\n",
              "/etc/hosts",
              "127.0.0.1 localhost bric\n::1 localhost\n",
              "/etc/hostname",
              "bric\n",
              "/etc/resolv.conf",
              "",
              "/etc/machine-id",
              "62726963000000000000000000000000\n",
              "/etc/mtab",
              "",
              "/etc/shadow",
              "",
              "/etc/gshadow",
              "",
              "/etc/sudoers",
              ""));

  /** Folders of keys, which no build has a reason to read. */
  private static final List<String> EMPTIED = List.of("/etc/ssh", "/etc/ssl/private");

  private final List<String> system;
  private final Path own;

  private Machine(List<String> system, Path own) {
    this.system = List.copyOf(system);
    this.own = own;
  }

  /**
   * This host's machine.
   *
   * @param folder where the machine's own files are laid down to be shown in place of the host's
   */
  public static Machine ofHost(Path folder) throws IOException {
    Path own = folder.resolve("machine-" + VERSION);
    Files.createDirectories(own.resolve("empty"));
    for (Map.Entry<String, String> file : OWN_FILES.entrySet()) {
      Path target = own.resolve(Path.of(file.getKey()).getFileName());
      byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
      // Bytes, not text: what is there may be damaged in any way.
      if (!Files.exists(target) || !Arrays.equals(Files.readAllBytes(target), bytes)) {
        Path whole = Files.createTempFile(own, "new", "");
        Files.write(whole, bytes);
        Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("r--r--r--"));
        Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    List<String> present = new ArrayList<>();
    for (String shown : SYSTEM) {
      if (Stat.of(shown).exists()) {
        present.add(shown);
      }
    }
    return new Machine(present, own);
  }

  /** The properties of every command that runs on it. */
  public SortedMap<String, String> platform(String workspace, List<String> readOnly) {
    SortedMap<String, String> properties = new TreeMap<>();
    properties.put("bric-machine", VERSION);
    properties.put("host-folders", String.join(" ", system));
    properties.put("ISA", System.getProperty("os.arch", "unknown"));
    properties.put("OSFamily", "linux");
    properties.put("workspace", workspace);
    if (!readOnly.isEmpty()) {
      properties.put("read-only", String.join("\n", readOnly));
    }
    return properties;
  }

  /**
   * The platform of a command whose checkout's own path may be a link to the workspace. All that it
   * looks for is then part of its trace, so that what one checkout's link shows it is no answer in
   * another; the path itself is no part of any key.
   */
  static SortedMap<String, String> aliased(SortedMap<String, String> platform) {
    SortedMap<String, String> properties = new TreeMap<>(platform);
    properties.put(ALIAS, "the checkout");
    return properties;
  }

  /** Whether this command's workspace may have an alias. */
  static boolean mayHaveAlias(Command command) {
    return command.platform().containsKey(ALIAS);
  }

  /** Where the workspace appears for this command. */
  public static String workspace(Command command) {
    return command.platform().getOrDefault("workspace", "/build");
  }

  /**
   * Why the workspace of a command that somebody else sends cannot appear at this path; empty when
   * it can. It may stand only where the sandbox has nothing of its own and nothing of the host.
   */
  public static Optional<String> cannotHoldWorkspace(String path) {
    if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
      return Optional.of("it is not absolute");
    }
    for (String part : path.substring(1).split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return Optional.of("it is not normal");
      }
    }
    for (String taken : Stream.concat(SYSTEM.stream(), KERNEL.stream()).toList()) {
      if (path.equals(taken) || isBelow(path, taken) || isBelow(taken, path)) {
        return Optional.of(taken + " is the machine's");
      }
    }
    for (String taken : BuildView.PRIVATE) {
      if (path.equals(taken) || isBelow(taken, path)) {
        return Optional.of(taken + " is the command's own");
      }
    }
    return Optional.empty();
  }

  /** Whether a path is one of the host's, or below one, that every command sees. */
  public static boolean isOfSystem(String path) {
    return SYSTEM.stream().anyMatch(folder -> path.equals(folder) || isBelow(path, folder));
  }

  private static boolean isBelow(String path, String folder) {
    return path.startsWith(folder + "/");
  }

  /** The user's own additions to the host's folders. */
  static List<String> readOnly(Command command) {
    String paths = command.platform().getOrDefault("read-only", "");
    return paths.isEmpty() ? List.of() : List.of(paths.split("\n"));
  }

  /** The host's paths that every command sees. */
  List<String> system() {
    return SYSTEM;
  }

  /** The host's paths a command sees as they are, the ones the machine replaces left out. */
  public List<String> hostRoots(Command command) {
    List<String> roots = new ArrayList<>(SYSTEM);
    roots.addAll(readOnly(command));
    return roots;
  }

  /**
   * Whether the sandbox shows a file or folder of its own at this path of the host. It does so only
   * in the place of one that is there.
   */
  static boolean replaces(String path) throws IOException {
    if (OWN_FILES.containsKey(path)) {
      return Stat.of(path).isFile();
    }
    for (String folder : EMPTIED) {
      if (path.equals(folder) || path.startsWith(folder + "/")) {
        return Stat.of(folder).isDirectory();
      }
    }
    return false;
  }

  /** Whether this path is one that the sandbox replaces, or holds one. */
  static boolean touches(String path) {
    return Stream.concat(OWN_FILES.keySet().stream(), EMPTIED.stream())
        .anyMatch(
            own -> own.equals(path) || own.startsWith(path + "/") || path.startsWith(own + "/"));
  }

  /**
   * Which of the tools that this command can see are caught; none where there may be an alias, of
   * which tools' own views know nothing.
   *
   * @param toolset what the workspace says of them
   */
  InnerTools tools(Command command, Toolset toolset) throws IOException {
    return InnerTools.of(
        command, hostRoots(command), mayHaveAlias(command) ? Toolset.NONE : toolset);
  }

  /**
   * The plan of one run.
   *
   * @param staged the folders the workspace is laid from
   * @param tools the programs that are caught
   * @param recorder which programs note their lookups themselves
   */
  Plan plan(Action action, Stage staged, InnerTools tools, Recorder recorder) throws IOException {
    Command command = action.command();
    String workspace = workspace(command);
    List<MountOp> mounts = new ArrayList<>();
    for (String folder : system) {
      mounts.add(show(folder));
    }
    replaceOwnFiles(mounts);
    addPrivateFolders(mounts);
    for (String path : readOnly(command)) {
      mounts.add(new MountOp.BindReadOnly(path, path));
    }
    mounts.add(
        new MountOp.Overlay(
            staged.lower().toString(),
            staged.upper().toString(),
            staged.work().toString(),
            workspace));
    action.alias().ifPresent(alias -> mounts.add(new MountOp.Symlink(workspace, alias)));
    List<String> watched = new ArrayList<>(hostRoots(command));
    if (mayHaveAlias(command)) {
      watched.add("/"); // the alias, and where that of another checkout would be
    }
    watched.add(workspace);
    watched.addAll(BuildView.PRIVATE);
    return Plan.command(command.arguments())
        .mounts(mounts)
        .env(command.environment())
        .cwd(command.directory())
        .hostname("bric")
        .ids(UID, UID)
        .umask(022)
        .watch(watched.toArray(String[]::new))
        .recorder(recorder.forPlan())
        .shims(tools.caught())
        .build();
  }

  private static MountOp show(String folder) throws IOException {
    byte[] path = folder.getBytes(StandardCharsets.UTF_8);
    return Stat.of(path).isSymlink()
        ? new MountOp.Symlink(new String(HostFiles.readLink(path), StandardCharsets.UTF_8), folder)
        : new MountOp.BindReadOnly(folder, folder);
  }

  private void replaceOwnFiles(List<MountOp> mounts) throws IOException {
    for (String file : OWN_FILES.keySet()) {
      if (Stat.of(file).isFile()) {
        mounts.add(
            new MountOp.BindReadOnly(own.resolve(Path.of(file).getFileName()).toString(), file));
      }
    }
    for (String folder : EMPTIED) {
      if (Stat.of(folder).isDirectory()) {
        mounts.add(new MountOp.BindReadOnly(own.resolve("empty").toString(), folder));
      }
    }
  }

  private static void addPrivateFolders(List<MountOp> mounts) {
    mounts.add(new MountOp.Proc("/proc"));
    mounts.add(new MountOp.Dir("/dev", 0755));
    for (String device : DEVICES) {
      mounts.add(new MountOp.BindWritable("/dev/" + device, "/dev/" + device));
    }
    mounts.add(new MountOp.Symlink("/proc/self/fd", "/dev/fd"));
    mounts.add(new MountOp.Symlink("/proc/self/fd/0", "/dev/stdin"));
    mounts.add(new MountOp.Symlink("/proc/self/fd/1", "/dev/stdout"));
    mounts.add(new MountOp.Symlink("/proc/self/fd/2", "/dev/stderr"));
    for (String folder : List.of("/dev/shm", "/tmp", "/var/tmp")) {
      mounts.add(new MountOp.Tmpfs(folder, 01777));
    }
    mounts.add(new MountOp.Tmpfs(HOME, 0755));
  }

  /** The folders of one run on the store's file system: what a plan lays the workspace from. */
  record Stage(Path lower, Path upper, Path work) {}
}
