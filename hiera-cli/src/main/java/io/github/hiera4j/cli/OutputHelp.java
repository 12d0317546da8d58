package io.github.hiera4j.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The keys of JSON objects and the columns of tables, shown at the end of each command's help. */
final class OutputHelp {
    private static final Map<String, List<String>> LINES = lines();

    private OutputHelp() {}

    /** Adds a description of the output to the help of every command, including nested commands. */
    static void addTo(CommandLine commandLine) {
        for (CommandLine command : commandLine.getSubcommands().values()) {
            CommandSpec spec = command.getCommandSpec();
            List<String> lines = LINES.getOrDefault(name(spec), List.of());
            if (!lines.isEmpty()) {
                String[] before = spec.usageMessage().footer();
                String[] footer = new String[before.length + 1 + lines.size()];
                System.arraycopy(before, 0, footer, 0, before.length);
                footer[before.length] = "";
                for (int i = 0; i < lines.size(); i++) {
                    footer[before.length + 1 + i] = lines.get(i).replace("%", "%%");
                }
                spec.usageMessage().footer(footer);
            }
            addTo(command);
        }
    }

    /** Returns the command's name without the program name, for example {@code search duplicates}. */
    private static String name(CommandSpec spec) {
        String qualified = spec.qualifiedName();
        return qualified.substring(qualified.indexOf(' ') + 1);
    }

    private static Map<String, List<String>> lines() {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        lines.put(
                "classify",
                List.of(
                        "--json: file, predictions (index, label, probability from 0 to 1),",
                        "milliseconds. --csv: file, rank from 1, index, label, probability."));
        lines.put("features", List.of("--json: file, written (the file with the map), stage, axes, shape."));
        lines.put(
                "segment",
                List.of("--json: a mask in COCO's layout: segmentation (size, counts), area, bbox,", "predicted_iou."));
        lines.put(
                "quantize",
                List.of(
                        "--json: files, samples, relativeError, quantizedLayers, share (of the",
                        "products, 0 to 1), keptInFloatingPoint (names of weights)."));
        lines.put("export", List.of("--json: file, files (including data files), inputs, outputs."));
        lines.put(
                "models",
                List.of(
                        "GMACs: billions of multiply-accumulates per sample. --json: name,",
                        "parameters, multiplyAccumulates, input ((frames,) height, width), classes",
                        "(0: no head), checkpoints, licence."));
        lines.put(
                "fetch",
                List.of(
                        "--json: model, checkpoint, address, hub, licence, file, present (whether the",
                        "file is there)."));
        lines.put(
                "summary",
                List.of(
                        "Columns: window, tokens in each attention window; MACs, multiply-accumulates;",
                        "act. B, bytes of float32 activations; all for one sample. --json: name, stage",
                        "(0: none), output, window, parameters, multiplyAccumulates, activationBytes.",
                        "--graph --json: name, op, shape, inputs. A batch is null."));
        lines.put(
                "inspect",
                List.of(
                        "--json: file, format, keyStyle, weights (place, averaged, shown), model,",
                        "tensorCount, parameters, dtypes, config, inferred, metadata, fit, tensors",
                        "(name, fileName, dtype, shape)."));
        lines.put(
                "benchmark",
                List.of(
                        "Columns: n, batch; ms, median of a run; n/s, samples per second; peak, see above;",
                        "MB, native memory. --json: model, backend, dtype, batch, threads, milliseconds,",
                        "samplesPerSecond, gflops, peakFraction, nativeMb, spread; with --profile a",
                        "second object: profile."));
        lines.put(
                "ladder",
                List.of(
                        "--json: rung, change, parameters, multiplyAccumulates, backend, dtype, batch,",
                        "threads, milliseconds, samplesPerSecond, spread, nativeMb; with --train-step",
                        "trainingSamplesPerSecond, maeSamplesPerSecond; paperSamplesPerSecond, paperTop1",
                        "(from 0 to 1)."));
        lines.put(
                "compare-models",
                List.of(
                        "--json: model, then as for ladder, paperTop1 by data set. Values that the paper does",
                        "not state are left out."));
        lines.put(
                "doctor",
                List.of(
                        "--json: machine, maxHeapMb, backends (name, usable, isDefault, passed,",
                        "relativeError, milliseconds, detail)."));
        lines.put(
                "parity",
                List.of(
                        "--json: case, ok, worst (the tensor that differs most), maxAbs (largest",
                        "difference), relL2 (norm of the difference over norm of the reference)."));
        String figures = "top1, top5 (from 0 to 1), loss, classes (name, samples, top1), confusion (rows:";
        lines.put(
                "evaluate",
                List.of(
                        "--json: weights, data, samples, views, modelClasses, subset,",
                        figures,
                        "true classes), top1AmongSubset (for a subset), published (the paper's figure)."));
        lines.put(
                "probe",
                List.of(
                        "--json: weights, data, trainingSamples, samples, features, penalty, neighbours;",
                        "linear and nearest, each with",
                        figures,
                        "true classes)."));
        lines.put("detect", List.of("--json: file, size, detections (label, category_id, score, box, segmentation)."));
        lines.put(
                "detect-evaluate",
                List.of(
                        "--json: kind, images, annotations, AP, AP50, AP75, ... (as printed), categories,",
                        "seconds of reading and evaluating with --time."));
        lines.put("actions", List.of("--json: video, second, person, box, actions (all, with probabilities)."));
        lines.put("actions-evaluate", List.of("--json: rule, frameMap, actions (average precision of each)."));
        lines.put(
                "reconstruct",
                List.of("--json: one object per file: file, loss (of hidden patches), maskRatio, masks (drawn)."));
        lines.put(
                "attention",
                List.of(
                        "--json: one object per map: file, map, steps (frames of the map), rows, columns, timesEven",
                        "(for each step a list of values, row by row)."));
        lines.put(
                "explain",
                List.of(
                        "--json: one object per file and method: file, index, label, probability, method;",
                        "deletion and insertion (probabilities as parts are covered or shown), deletionArea and",
                        "insertionArea (their means); scoreDifference and attributionSum of integrated",
                        "gradients, which should be equal."));
        lines.put("pca", List.of("--json: stage, varianceShares (of the three components, 0 to 1), files."));
        lines.put(
                "similar",
                List.of("--json: one object per file: file, cosine, x, y and frame of its most similar position."));
        lines.put(
                "plan",
                List.of("--json: network, processes, sentBytes, stepSeconds, efficiency (0 to 1) of each estimate."));
        lines.put("map", List.of("--json: varianceShares of both components, files (file, x, y)."));
        lines.put("timeline", List.of("--json: file, duration in seconds, segments, steps (one per window)."));
        lines.put("search", List.of("--json: query, and its neighbours with file and similarity from -1 to 1."));
        lines.put("search duplicates", List.of("--json: one object per group of near duplicates: files."));
        return lines;
    }
}
