package io.github.hiera4j.cli;

import io.github.hiera4j.model.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all commands ({@link Commands}); without a subcommand it prints help. */
@Command(
        name = "hiera",
        mixinStandardHelpOptions = true,
        versionProvider = HieraCommand.VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Hiera, the hierarchical vision transformer, on the JVM.")
final class HieraCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    boolean debug;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The text of {@code --version}. */
    static final class VersionProvider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"hiera " + Version.NAME};
        }
    }
}
