package io.github.hiera4j.cli.scale;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.cli.process.Interruption;
import io.github.hiera4j.train.run.TrainingProcesses;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains in several processes on this machine. */
@Command(
        name = "launch",
        mixinStandardHelpOptions = true,
        description = {
            "Run a training command in several processes on this machine, which train together.",
            "batch_size is per process. Each line of output begins with the rank of its process."
        })
public final class LaunchCommand implements Callable<Integer> {
    private static final Set<String> COMMANDS =
            Set.of("pretrain", "finetune", "detect-train", "actions-train", "benchmark");
    private static final int MOST_PROCESSES = 1024;

    @Option(names = "--processes", required = true, paramLabel = "N", description = "Number of processes.")
    int processes;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Time that a process waits for another before it fails (default: ${DEFAULT-VALUE}).")
    int timeout = TrainingProcesses.DEFAULT_TIMEOUT;

    @Parameters(
            arity = "1..*",
            paramLabel = "COMMAND",
            description =
                    "After --: pretrain, finetune, detect-train, actions-train or benchmark --train, with its options.")
    List<String> command = List.of();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        checkCall(processes >= 1 && processes <= MOST_PROCESSES, "--processes must be 1 to %d", MOST_PROCESSES);
        checkCall(timeout >= 1 && timeout <= 86_400, "--timeout must be 1 to 86400 seconds");
        checkCall(
                COMMANDS.contains(command.get(0)),
                "launch runs pretrain, finetune, detect-train, actions-train or benchmark --train: hiera launch"
                        + " --processes %d -- pretrain …",
                processes);
        checkCall(
                !command.get(0).equals("benchmark") || command.contains("--train"),
                "launch benchmark measures training steps: add --train");
        try (ProcessSet set = ProcessSet.start(
                        command,
                        processes,
                        Duration.ofSeconds(timeout),
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr());
                Interruption.Handle forwarding = Interruption.forward(set::requestEnd)) {
            return set.await();
        }
    }
}
