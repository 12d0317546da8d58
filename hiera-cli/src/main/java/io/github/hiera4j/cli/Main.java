package io.github.hiera4j.cli;

import io.github.hiera4j.cli.media.EarlyLoading;
import io.github.hiera4j.cli.process.Interruption;
import io.github.hiera4j.cli.terminal.StandardOutput;
import io.github.hiera4j.model.HieraException;
import picocli.CommandLine;

/** The entry point of the {@code hiera} command. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Interruption.install();
        Interruption.end(run(arguments));
    }

    /** Runs one command line and returns its exit code: 0 for success, 1 for failure, 2 for a usage error. */
    static int run(String... arguments) {
        try (EarlyLoading loading = EarlyLoading.beforeParsing(arguments)) {
            return parseAndRun(arguments);
        }
    }

    private static int parseAndRun(String... arguments) {
        CommandLine commandLine = commandLine(arguments);
        commandLine.setOut(StandardOutput.out());
        commandLine.setErr(StandardOutput.err());
        try {
            return afterOutput(commandLine, commandLine.execute(arguments));
        } catch (OutOfMemoryError failure) { // the command line reports exceptions, not errors
            commandLine.getErr().println("hiera: " + Failures.message(failure));
            commandLine.getErr().flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** Returns the exit code after checking that all output was written. */
    private static int afterOutput(CommandLine commandLine, int exitCode) {
        try {
            commandLine.getErr().flush();
            StandardOutput.check(commandLine.getOut());
            return exitCode;
        } catch (HieraException failure) {
            return exitCode == 0 ? Failures.report(failure, commandLine, null) : exitCode;
        }
    }

    /**
     * Creates the command line for the given arguments; without arguments it contains all commands.
     *
     * @param arguments the arguments that will be executed
     */
    static CommandLine commandLine(String... arguments) {
        CommandLine commandLine = new CommandLine(new HieraCommand());
        Commands.addTo(commandLine, arguments);
        Failures.reportAllOf(commandLine);
        OptionHelp.addTo(commandLine);
        OutputHelp.addTo(commandLine);
        HelpLayout.apply(commandLine);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setAbbreviatedOptionsAllowed(false);
        return commandLine;
    }
}
