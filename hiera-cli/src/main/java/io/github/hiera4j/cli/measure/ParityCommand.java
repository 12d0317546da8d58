package io.github.hiera4j.cli.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.hiera4j.cli.options.EngineOptions;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.detect.parity.DetectionParity;
import io.github.hiera4j.detect.parity.Finding;
import io.github.hiera4j.media.preprocess.PreprocessParity;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.baseline.parity.BaselineCase;
import io.github.hiera4j.model.baseline.parity.BaselineFile;
import io.github.hiera4j.model.baseline.parity.CountedModels;
import io.github.hiera4j.model.baseline.parity.EqualityFile;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.GoldenFile;
import io.github.hiera4j.model.parity.Parity;
import io.github.hiera4j.model.parity.ParityCase;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.parity.TensorDifference;
import io.github.hiera4j.train.parity.TrainingDifference;
import io.github.hiera4j.train.parity.TrainingParity;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares a backend with the figures of the reference implementation. */
@Command(
        name = "parity",
        mixinStandardHelpOptions = true,
        description = "Compare a backend with the figures of the reference implementation.",
        footer = "Exit code 1 if any case fails.")
public final class ParityCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "CASE.json", description = "Golden cases.")
    List<Path> cases;

    @Option(names = "--json", description = "Print one JSON object per line.")
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
        engine.floatingOptions();
        Backend backend = engine.backend();
        boolean allOk = true;
        for (Path file : cases) {
            allOk &= runFile(file, backend, output);
        }
        return allOk ? 0 : 1;
    }

    private boolean runFile(Path file, Backend backend, Output output) {
        try {
            Optional<ParityResult> prepared = PreprocessParity.run(file);
            if (prepared.isPresent()) {
                print(prepared.get(), null, output);
                return prepared.get().ok();
            }
            Optional<DetectionParity.Report> detection = DetectionParity.run(file, backend, engine.compileOptions());
            if (detection.isPresent()) {
                return print(detection.get(), output);
            }
            Optional<CountedModels.Report> counted = CountedModels.compare(file);
            if (counted.isPresent()) {
                return print(file, counted.get(), output);
            }
            Optional<List<ParityResult>> equal = EqualityFile.run(file, backend, engine.compileOptions());
            if (equal.isPresent()) {
                equal.get().forEach(result -> print(result, null, output));
                return equal.get().stream().allMatch(ParityResult::ok);
            }
            Optional<List<BaselineCase>> baselines = BaselineFile.read(file);
            boolean allOk = true;
            for (BaselineCase golden : baselines.orElse(List.of())) {
                allOk &= runBaseline(golden, backend, output);
            }
            if (baselines.isPresent()) {
                return allOk;
            }
            for (ParityCase golden : GoldenFile.read(file)) {
                allOk &= runCase(golden, backend, output);
            }
            return allOk;
        } catch (HieraException failure) {
            output.note(failure.getMessage());
            return false;
        }
    }

    private boolean print(DetectionParity.Report report, Output output) {
        Finding worst = report.worst();
        if (json) {
            output.json(new Row(report.caseName(), report.ok(), worst.name(), worst.error(), worst.error()));
        } else {
            output.line(String.format(
                    Locale.ROOT,
                    "%s %s worst %s, %.1e of %.1e allowed; %d figures",
                    report.caseName(),
                    report.ok() ? "ok" : "FAIL",
                    worst.name(),
                    worst.error(),
                    worst.allowed(),
                    report.findings().size()));
        }
        return report.ok();
    }

    /** Compares every tensor; on libtorch also the loss and its gradients. */
    private boolean runBaseline(BaselineCase golden, Backend backend, Output output) {
        ParityResult result = Parity.run(golden, backend, engine.compileOptions());
        TrainingDifference gradient = golden.isTrainable() && backend.name().equals("torch")
                ? worst(TrainingParity.run(golden, engine.compileOptions()))
                : null;
        print(result, gradient, output);
        return result.ok() && (gradient == null || gradient.ok());
    }

    /** Prints a comparison of parameter and multiplication counts, which needs no engine. */
    private boolean print(Path file, CountedModels.Report report, Output output) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
        CountedModels.Count worst = report.counts().stream()
                .filter(count -> !count.ok())
                .findFirst()
                .orElse(null);
        if (json) {
            output.json(new Row(name, report.ok(), worst == null ? "" : worst.model(), 0, 0));
            return report.ok();
        }
        String figures = String.format(
                Locale.ROOT,
                "parameters and multiplications of %d models",
                report.counts().size());
        String fault = worst == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%s has %d and %d, expected %d and %d; ",
                        worst.model(),
                        worst.actual().parameters(),
                        worst.actual().multiplyAccumulates(),
                        worst.parameters(),
                        worst.multiplyAccumulates());
        output.line(name + (report.ok() ? " ok " : " FAIL ") + fault + figures);
        return report.ok();
    }

    private boolean runCase(ParityCase golden, Backend backend, Output output) {
        GoldenCase trained = golden instanceof GoldenCase model && TrainingParity.covers(model) ? model : null;
        if (trained != null && trained.isTraining()) {
            return runTraining(trained, output);
        }
        ParityResult result = Parity.run(golden, backend, engine.compileOptions());
        TrainingDifference gradient = null;
        if (trained != null && backend.name().equals("torch")) {
            gradient = worst(TrainingParity.run(trained, engine.compileOptions()));
        }
        print(result, gradient, output);
        return result.ok() && (gradient == null || gradient.ok());
    }

    /** Compares losses and final parameters on libtorch in float32, the only engine that trains. */
    private boolean runTraining(GoldenCase golden, Output output) {
        TrainingDifference worst = worst(TrainingParity.run(golden, engine.compileOptions()));
        if (json) {
            output.json(new Row(golden.name(), worst.ok(), worst.name(), worst.error(), worst.error()));
        } else {
            output.line(String.format(
                    Locale.ROOT, "%s %s worst %s", golden.name(), worst.ok() ? "ok" : "FAIL", describe(worst)));
        }
        return worst.ok();
    }

    /** Returns the difference that comes closest to its tolerance, or exceeds it most. */
    private static TrainingDifference worst(List<TrainingDifference> differences) {
        return differences.stream()
                .max(Comparator.comparingDouble(difference -> difference.error() / difference.allowed()))
                .orElseThrow();
    }

    private static String describe(TrainingDifference difference) {
        return String.format(
                Locale.ROOT, "%s, %.1e of %.1e allowed", difference.name(), difference.error(), difference.allowed());
    }

    private void print(ParityResult result, @Nullable TrainingDifference gradient, Output output) {
        TensorDifference worst = result.worst();
        boolean ok = result.ok() && (gradient == null || gradient.ok());
        if (json) {
            output.json(
                    gradient != null && !gradient.ok()
                            ? new Row(result.caseName(), ok, gradient.name(), gradient.error(), gradient.error())
                            : new Row(result.caseName(), ok, worst.name(), worst.maxAbs(), worst.relL2()));
        } else {
            output.line(String.format(
                    Locale.ROOT,
                    "%s %s worst %s, max abs %.1e, rel L2 %.1e%s",
                    result.caseName(),
                    ok ? "ok" : "FAIL",
                    worst.name(),
                    worst.maxAbs(),
                    worst.relL2(),
                    gradient == null ? "" : "; gradients " + describe(gradient)));
        }
    }
}
