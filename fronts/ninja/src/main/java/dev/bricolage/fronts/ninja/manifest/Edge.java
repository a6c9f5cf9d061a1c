package dev.bricolage.fronts.ninja.manifest;

import dev.bricolage.fronts.ninja.text.Bytes;
import dev.bricolage.fronts.ninja.text.NinjaError;
import dev.bricolage.fronts.ninja.text.Template;
import java.util.OptionalInt;

/**
 * One build statement. A view: it costs nothing until it is asked, and commands and other bindings
 * are put together at each asking.
 *
 * @param manifest where it stands
 * @param id its number, in the order of the manifest
 */
public record Edge(Manifest manifest, int id) {
  private static final byte[] RSPFILE_MARK = {';', 'r', 's', 'p', 'f', 'i', 'l', 'e', '='};

  /** The name of its rule. */
  public String ruleName() {
    return graph().rules.get(graph().edges.rule(id)).name();
  }

  /** Its rule's number: edges of one rule have the same. */
  public int rule() {
    return graph().edges.rule(id);
  }

  /** What its rule's command begins with, up to the first variable. */
  public String commandStart() {
    int command = graph().words.find("command");
    return graph().rules.get(rule()).get(command).map(Template::start).orElse("");
  }

  /** Whether it only gives other paths a name, and runs nothing. */
  public boolean isPhony() {
    return graph().edges.rule(id) == 0;
  }

  /** All inputs: explicit, implicit, order-only. */
  public Ints inputs() {
    return graph().edges.inputs(id);
  }

  /** What {@code $in} stands for. */
  public Ints explicitInputs() {
    return graph().edges.explicitInputs(id);
  }

  /** Inputs after {@code |}. */
  public Ints implicitInputs() {
    return graph().edges.implicitInputs(id);
  }

  /** Inputs after {@code ||}: made before, but no reason to run again. */
  public Ints orderOnlyInputs() {
    return graph().edges.orderOnlyInputs(id);
  }

  /** All outputs, at least one: explicit, implicit. */
  public Ints outputs() {
    return graph().edges.outputs(id);
  }

  /** What {@code $out} stands for. */
  public Ints explicitOutputs() {
    return graph().edges.explicitOutputs(id);
  }

  /** Outputs after {@code |}. */
  public Ints implicitOutputs() {
    return graph().edges.implicitOutputs(id);
  }

  /** Paths after {@code |@}: made whenever this is, but not before it. */
  public Ints validations() {
    return graph().edges.validations(id);
  }

  /** Which edges it must not run beside. */
  public Pool pool() {
    return graph().pools.get(graph().edges.pool(id));
  }

  /** The path of its dyndep file, which is one of its inputs. */
  public OptionalInt dyndep() {
    Integer path = graph().dyndeps.get(id);
    return path == null ? OptionalInt.empty() : OptionalInt.of(path);
  }

  /**
   * A variable as the rule's command sees it, paths quoted for the shell; empty if it is not set.
   *
   * @throws NinjaError if the rule's variables need each other
   */
  public String binding(String name) throws NinjaError {
    return evaluate(name, true).toString();
  }

  /** A variable with paths as they are: for {@code depfile}, {@code rspfile} and {@code dyndep}. */
  public String unquotedBinding(String name) throws NinjaError {
    return evaluate(name, false).toString();
  }

  /** Whether a variable is set to anything at all, as {@code restat} and {@code generator} are. */
  public boolean flag(String name) throws NinjaError {
    return !evaluate(name, true).isEmpty();
  }

  /** What a shell is to run; empty for a phony edge. */
  public String command() throws NinjaError {
    return binding("command");
  }

  /** What to show instead of the command, or empty. */
  public String description() throws NinjaError {
    return binding("description");
  }

  /** The file in which the command leaves its dependencies, or empty. */
  public String depfile() throws NinjaError {
    return unquotedBinding("depfile");
  }

  /** The file that must hold {@link #rspfileContent} while the command runs, or empty. */
  public String rspfile() throws NinjaError {
    return unquotedBinding("rspfile");
  }

  /** What the response file holds. */
  public String rspfileContent() throws NinjaError {
    return binding("rspfile_content");
  }

  /**
   * What must be the same for outputs to be up to date: the command, and after it the response
   * file's content if there is any. The hash in ninja's log is of these bytes.
   */
  public byte[] loggedCommand() throws NinjaError {
    Bytes out = evaluate("command", true);
    Bytes content = evaluate("rspfile_content", true);
    if (!content.isEmpty()) {
      out.add(RSPFILE_MARK);
      out.add(content.array(), 0, content.length());
    }
    return out.toByteArray();
  }

  private Bytes evaluate(String name, boolean quoted) throws NinjaError {
    Bytes out = new Bytes();
    int number = graph().words.find(name);
    if (number >= 0) {
      new EdgeVariables(graph(), id, quoted).write(number, out);
    }
    return out;
  }

  private Graph graph() {
    return manifest.graph();
  }

  @Override
  public String toString() {
    return "Edge[" + id + " " + ruleName() + " " + manifest.path(outputs().get(0)) + "]";
  }
}
