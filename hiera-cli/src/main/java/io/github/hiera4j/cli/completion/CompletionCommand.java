package io.github.hiera4j.cli.completion;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and options in a shell. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Print a script that completes commands and options in a shell.",
        footer = {
            "",
            "bash: hiera completion bash > ~/.local/share/bash-completion/completions/hiera",
            "zsh:  add to ~/.zshrc: source <(hiera completion zsh)",
            "fish: hiera completion fish > ~/.config/fish/completions/hiera.fish"
        })
public final class CompletionCommand implements Runnable {
    /** The shells. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    Shell shell = Shell.BASH;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        CommandLine root = spec.root().commandLine();
        PrintWriter out = spec.commandLine().getOut();
        switch (shell) {
            case BASH -> out.print(AutoComplete.bash(root.getCommandName(), root));
            case ZSH ->
                out.print("autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n"
                        + AutoComplete.bash(root.getCommandName(), root));
            case FISH -> out.print(FishCompletion.script(root.getCommandSpec()));
        }
        out.flush();
    }
}
