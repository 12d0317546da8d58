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
 * @param name of its recipe; empty where there is none
 * @param load of the recipe
 * @param stepMilliseconds of computing
 * @param gradientBytes that processes add in a step
 * @param batch samples of a step and process; 0: unknown
 * @param samples of an epoch; 0: unknown
 * @param filesPerSecond that a core loads; 0: unknown
 */
record PlannedWork(
        String name,
        Optional<Workload> load,
        double stepMilliseconds,
        double gradientBytes,
        int batch,
        long samples,
        double filesPerSecond) {
    /** Of {@link #row}. */
    static final List<String> HEADING = List.of(
            "training",
            "parameters M",
            "batch",
            "files/s a core",
            "files/s needed",
            "cores",
            "GB: state",
            "step",
            "batches",
            "MB sent a step");

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

    /** What one process needs, if it is known: {@link #HEADING}. */
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

    /** Samples of a process in a second, if it never waits. */
    private double needed() {
        return batch / (stepMilliseconds / 1e3);
    }

    /** The same for programs. */
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
