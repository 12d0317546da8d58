package io.github.hiera4j.cli;

import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.terminal.StandardOutput;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OutOfMemory;
import io.github.hiera4j.model.io.Printable;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports a failure as one line on standard error, with a stack trace if {@code --debug} is given. */
final class Failures {
    private Failures() {}

    /** Makes a command line report all failures through this class. */
    static void reportAllOf(CommandLine commandLine) {
        commandLine.setExecutionExceptionHandler(new OfCommands());
        commandLine.setParameterExceptionHandler(new OfUsage());
    }

    /** Not a lambda: a lambda that implements an interface compiled for Java 5 keeps this interface out of the class archive. */
    private static final class OfCommands implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed) {
            return report(failure, commandLine, parsed);
        }
    }

    /** Not a lambda, for the same reason. */
    private static final class OfUsage implements IParameterExceptionHandler {
        @Override
        public int handleParseException(ParameterException failure, String[] arguments) {
            return reportUsage(failure, arguments);
        }
    }

    static int report(Exception failure, CommandLine commandLine, @Nullable ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        if (failure instanceof StandardOutput.ReaderGoneException) {
            return ExitCode.SOFTWARE;
        }
        err.println("hiera: " + message(failure));
        if (debug(commandLine)) {
            failure.printStackTrace(err);
        }
        err.flush();
        return failure instanceof WrongCallException ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    static int reportUsage(ParameterException failure, String[] arguments) {
        CommandLine commandLine = failure.getCommandLine();
        PrintWriter err = commandLine.getErr();
        String name = commandLine.getCommandSpec().qualifiedName();
        err.println("hiera: " + usageFault(failure, arguments) + " (see '" + name + " --help')");
        err.flush();
        return ExitCode.USAGE;
    }

    /** Reports a misspelt option or command in preference to arguments that are missing because of it. */
    private static String usageFault(ParameterException failure, String[] arguments) {
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        boolean hasCommands = !command.subcommands().isEmpty();
        if (hasCommands
                && failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().get(0).startsWith("-")) {
            return Suggestions.unknownCommand(command, unmatched.getUnmatched().get(0));
        }
        return Suggestions.unknownOption(command, arguments).orElseGet(() -> firstLine(failure.getMessage()));
    }

    /** Returns what the user can do about an expected failure, or what to report to the developers of an unexpected one. */
    static String message(Throwable failure) {
        if (failure instanceof HieraException) {
            return firstLine(failure.getMessage());
        }
        if (OutOfMemory.isCauseOf(failure)) {
            return "out of memory: use a smaller batch or model, or enlarge the Java heap (HIERA_JAVA_OPTIONS=-Xmx8g)";
        }
        return "internal error: " + failure.getClass().getSimpleName() + ": " + firstLine(failure.getMessage())
                + " (run again with --debug and report it)";
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "no message" : Printable.message(message);
    }

    private static boolean debug(CommandLine commandLine) {
        CommandLine root = commandLine;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return root.getCommand() instanceof HieraCommand command && command.debug;
    }
}
