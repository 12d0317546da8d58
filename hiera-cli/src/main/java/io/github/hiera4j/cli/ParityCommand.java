package io.github.hiera4j.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Parity;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.parity.TensorDifference;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.parity.TrainingDifference;
import io.github.hiera4j.train.parity.TrainingParity;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds a backend against the reference's figures. */
@Command(
        name = "parity",
        mixinStandardHelpOptions = true,
        description = "Compare a backend with the figures of the reference implementation.",
        footer = "Exit code 1 if any case fails.")
final class ParityCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "CASE.json", description = "Golden cases.")
    List<Path> cases;

    @Option(names = "--json", description = "One JSON object a line.")
    boolean json;

    @Mixin
    EngineOptions engine;

    @Spec
    CommandSpec spec;

    /** The JSON object of one case; the figures are of the tensor with the largest relative error. */
    record Row(String caseName, boolean ok, String worst, double maxAbs, double relL2) {
        @JsonProperty("case")
        @Override
        public String caseName() {
            return caseName;
        }
    }

    @Override
    public Integer call() {
        Output output = new Output(spec);
        Backend backend = engine.backend();
        boolean allOk = true;
        for (Path file : cases) {
            allOk &= runCase(file, backend, output);
        }
        return allOk ? 0 : 1;
    }

    private boolean runCase(Path file, Backend backend, Output output) {
        try {
            GoldenCase golden = GoldenCase.read(file);
            if (golden.isTraining()) {
                return runTraining(golden, output);
            }
            ParityResult result = Parity.run(golden, backend, engine.compileOptions());
            print(result, output);
            boolean gradients = TrainingParity.covers(golden) && backend.name().equals("torch");
            boolean gradientsOk = !gradients || runTraining(golden, output);
            return result.ok() && gradientsOk;
        } catch (HieraException failure) {
            output.note(failure.getMessage());
            return false;
        }
    }

    /** Gradients, or losses and final parameters, on libtorch in float32: the only engine that trains. */
    private boolean runTraining(GoldenCase golden, Output output) {
        List<TrainingDifference> differences = TrainingParity.run(golden, TorchTrainer.Options.DEFAULT);
        boolean ok = differences.stream().allMatch(TrainingDifference::ok);
        TrainingDifference worst = differences.stream()
                .max(Comparator.comparingDouble(difference -> difference.error() / difference.allowed()))
                .orElseThrow();
        if (json) {
            output.json(new Row(golden.name() + " training", ok, worst.name(), worst.error(), worst.error()));
        } else {
            output.line(String.format(
                    Locale.ROOT,
                    "%s training %s worst %s, %.1e of %.1e allowed",
                    golden.name(),
                    ok ? "ok" : "FAIL",
                    worst.name(),
                    worst.error(),
                    worst.allowed()));
        }
        return ok;
    }

    private void print(ParityResult result, Output output) {
        TensorDifference worst = result.worst();
        if (json) {
            output.json(new Row(result.caseName(), result.ok(), worst.name(), worst.maxAbs(), worst.relL2()));
        } else {
            output.line(String.format(
                    Locale.ROOT,
                    "%s %s worst %s, max abs %.1e, rel L2 %.1e",
                    result.caseName(),
                    result.ok() ? "ok" : "FAIL",
                    worst.name(),
                    worst.maxAbs(),
                    worst.relL2()));
        }
    }
}
