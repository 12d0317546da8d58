package io.github.hiera4j.cli.scale;

import io.github.hiera4j.train.scale.ScalingPlan;
import io.github.hiera4j.train.scale.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A training to plan.
 *
 * @param name the name of its recipe; empty without a recipe
 * @param load the workload of the recipe; empty without a recipe
 * @param stepMilliseconds compute time of a step
 * @param gradientBytes size of the gradient that is summed over the processes in a step
 * @param batch samples per step and process; 0: unknown
 * @param samples samples per epoch; 0: unknown
 * @param filesPerSecond files that one core loads per second; 0: unknown
 */
record PlannedWork(
        String name,
        Optional<Workload> load,
        double stepMilliseconds,
        double gradientBytes,
        int batch,
        long samples,
        double filesPerSecond) {
    /** The headings of {@link #row}. */
    static final List<String> HEADING = List.of(
            "training",
            "parameters M",
            "batch",
            "files/s per core",
            "files/s needed",
            "cores",
            "state GB",
            "activations GB",
            "batches GB",
            "MB per step");

    private static final double GIGA = 1e9;

    static PlannedWork measured(double stepMilliseconds, double megabytes, int batch, long samples) {
        return new PlannedWork("", Optional.empty(), stepMilliseconds, megabytes * 1e6, batch, samples, 0);
    }

    static PlannedWork of(String name, Workload load, double stepMilliseconds, long samples, double filesPerSecond) {
        return new PlannedWork(
                name,
                Optional.of(load),
                stepMilliseconds,
                load.gradientBytes(),
                load.recipe().data().batchSize(),
                samples,
                filesPerSecond);
    }

    ScalingPlan plan(double bitsPerSecond, double hidden) {
        double loading = filesPerSecond == 0
                ? 0
                : batch / (filesPerSecond * load.orElseThrow().recipe().data().workers());
        return new ScalingPlan(stepMilliseconds / 1e3, gradientBytes, bitsPerSecond, hidden, loading);
    }

    int epochs() {
        return load.map(known -> known.recipe().optimisation().epochs()).orElse(1);
    }

    /** Returns what one process needs, in the columns of {@link #HEADING}; empty without a recipe. */
    List<List<String>> row(int processes) {
        return load.map(known -> List.of(List.of(
                        name,
                        number(known.parameters() / 1e6),
                        String.valueOf(batch),
                        filesPerSecond == 0 ? "?" : number(filesPerSecond),
                        number(needed()),
                        filesPerSecond == 0 ? "?" : number(needed() / filesPerSecond),
                        number(known.stateBytes(processes) / GIGA),
                        number(known.stepBytes() / GIGA),
                        number(known.batchBytes() / GIGA),
                        number(2.0 * (processes - 1) / processes * gradientBytes / 1e6))))
                .orElse(List.of());
    }

    /** Returns the samples that a process needs per second in order never to wait for them. */
    private double needed() {
        return batch / (stepMilliseconds / 1e3);
    }

    /** Returns the fields of the JSON output that depend on the recipe; empty without a recipe. */
    Map<String, Object> figures(int processes) {
        Map<String, Object> figures = new LinkedHashMap<>();
        load.ifPresent(known -> {
            figures.put("parameters", known.parameters());
            figures.put("batch", batch);
            if (filesPerSecond > 0) {
                figures.put("filesPerSecondAndCore", filesPerSecond);
            }
            figures.put("filesPerSecondNeeded", needed());
            figures.put("stateBytes", known.stateBytes(processes));
            figures.put("stepBytes", known.stepBytes());
            figures.put("batchBytes", known.batchBytes());
        });
        return figures;
    }

    static String number(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.3g", value);
    }
}
