package dev.bricolage.sandbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a sandbox holds and what runs in it. The helper obeys it in order and decides nothing; what
 * is not in the plan does not exist for the command.
 *
 * @param mounts how the file tree is built
 * @param argv the command; a first word without a slash is searched along {@code PATH} of {@code
 *     env}
 * @param env the whole environment, passed in the order of names
 * @param cwd the working directory, absolute
 * @param hostname what {@code gethostname} tells
 * @param ids the user and group that the command believes to be; on the host it is the caller
 * @param umask the file creation mask
 * @param limits resource limits
 * @param watched roots below which questions are reported as sightings
 * @param observe false reports nothing, and is a few microseconds a system call faster
 * @param recorder which programs are given the recorder; the facts are the same with and without
 * @param shims physical paths of tools whose runs are inner runs: each is asked about ({@link
 *     InnerRuns}). A path where there is no file is left out. Needs {@code observe}
 * @param memoryBytes how much the tmpfs root may hold; empty is half of the machine's memory
 */
public record Plan(
    List<MountOp> mounts,
    List<String> argv,
    Map<String, String> env,
    String cwd,
    String hostname,
    Ids ids,
    int umask,
    List<Limit> limits,
    List<String> watched,
    boolean observe,
    Recorder recorder,
    List<String> shims,
    OptionalLong memoryBytes) {

  /** Which programs note their lookups themselves, instead of being stopped at each. */
  public enum Recorder {
    /** None. */
    OFF,
    /** Those that are large: small ones look up less than loading it takes. */
    ON,
    /** About half of the processes, large or small, to test that it makes no difference. */
    HALF,
    /** All that can. */
    ALL
  }

  /** A user and a group by number. */
  public record Ids(int uid, int gid) {}

  public Plan {
    mounts = List.copyOf(mounts);
    argv = List.copyOf(argv);
    env = Collections.unmodifiableMap(new TreeMap<>(env));
    limits = List.copyOf(limits);
    watched = List.copyOf(watched);
    shims = List.copyOf(shims);
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a plan needs a command: argv is empty");
    }
    if (!shims.isEmpty() && !observe) {
      throw new IllegalArgumentException("a plan with shims must observe: inner runs are observed");
    }
    if (!cwd.startsWith("/")) {
      throw new IllegalArgumentException(
          "a plan's working directory must be absolute, not `" + cwd + "`");
    }
  }

  /** A plan in the making for the command {@code argv}. */
  public static Builder command(List<String> argv) {
    return new Builder(argv);
  }

  /** The plan's bytes, as {@code docs/formats/plan.md} defines them. */
  public byte[] encode() {
    return new PlanEncoder().encode(this);
  }

  /** One line for each operation and setting. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    mounts.forEach(op -> text.append(op).append('\n'));
    watched.forEach(root -> text.append("watch ").append(root).append('\n'));
    shims.forEach(tool -> text.append("shim ").append(tool).append('\n'));
    limits.forEach(limit -> text.append(limit).append('\n'));
    env.forEach((name, value) -> text.append("env ").append(name + "=" + value).append('\n'));
    text.append("as ").append(ids.uid()).append(':').append(ids.gid());
    text.append(" on ").append(hostname).append(", umask ").append(Integer.toOctalString(umask));
    text.append(observe ? "" : ", unobserved");
    return text.append("\nrun in ").append(cwd).append(": ").append(argv).append('\n').toString();
  }

  /** Collects a plan's parts; what is not said has the defaults shown here. */
  public static final class Builder {
    private final List<String> argv;
    private final List<MountOp> mounts = new ArrayList<>();
    private final Map<String, String> env = new TreeMap<>();
    private final List<Limit> limits = new ArrayList<>();
    private final List<String> watched = new ArrayList<>();
    private final List<String> shims = new ArrayList<>();
    private String cwd = "/";
    private String hostname = "bricolage";
    private Ids ids = new Ids(1000, 1000);
    private int umask = 0022;
    private boolean observe = true;
    private Recorder recorder = Recorder.ON;
    private OptionalLong memoryBytes = OptionalLong.empty();

    private Builder(List<String> argv) {
      this.argv = List.copyOf(argv);
    }

    public Builder mount(MountOp op) {
      mounts.add(op);
      return this;
    }

    public Builder mounts(Collection<? extends MountOp> ops) {
      mounts.addAll(ops);
      return this;
    }

    public Builder env(String name, String value) {
      env.put(name, value);
      return this;
    }

    public Builder env(Map<String, String> variables) {
      env.putAll(variables);
      return this;
    }

    public Builder limit(Limit limit) {
      limits.add(limit);
      return this;
    }

    public Builder watch(String... roots) {
      watched.addAll(List.of(roots));
      return this;
    }

    public Builder shims(Collection<String> tools) {
      shims.addAll(tools);
      return this;
    }

    public Builder cwd(String path) {
      cwd = path;
      return this;
    }

    public Builder hostname(String name) {
      hostname = name;
      return this;
    }

    public Builder ids(int uid, int gid) {
      ids = new Ids(uid, gid);
      return this;
    }

    public Builder umask(int mask) {
      umask = mask;
      return this;
    }

    public Builder observe(boolean whether) {
      observe = whether;
      return this;
    }

    public Builder recorder(Recorder which) {
      recorder = which;
      return this;
    }

    public Builder memoryBytes(long most) {
      memoryBytes = OptionalLong.of(most);
      return this;
    }

    public Plan build() {
      return new Plan(
          mounts,
          argv,
          env,
          cwd,
          hostname,
          ids,
          umask,
          limits,
          watched,
          observe,
          recorder,
          shims,
          memoryBytes);
    }
  }
}
