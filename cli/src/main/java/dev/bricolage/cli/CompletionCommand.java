package dev.bricolage.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bric completion}: a shell's own script, made from the same declarations as the help. */
@Command(
    name = "completion",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    customSynopsis = "bric completion bash|zsh",
    description = {
      "Prints a completion script for a shell. To use it:",
      "  bash: eval \"$(bric completion bash)\"   in ~/.bashrc",
      "  zsh:  eval \"$(bric completion zsh)\"    in ~/.zshrc"
    })
final class CompletionCommand implements Verb {
  /** The shells there is a script for. */
  enum Shell {
    BASH,
    ZSH
  }

  private static final String ZSH_NEEDS =
      "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n";

  @Parameters(paramLabel = "SHELL", description = "bash or zsh")
  Shell shell = Shell.BASH;

  @Override
  public int perform(Work work, Session session) {
    String script = AutoComplete.bash("bric", new CommandLine(new BricCommand()));
    session.print(shell == Shell.ZSH ? ZSH_NEEDS + script : script);
    return ExitStatus.OK.code();
  }
}
