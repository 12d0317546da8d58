package io.github.hiera4j.cli.model;

import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.sam.Sam2Variant;
import io.github.hiera4j.model.sam.checkpoint.Sam2Checkpoint;
import io.github.hiera4j.model.weights.LoadReport;
import io.github.hiera4j.model.weights.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Shows the contents of a SAM 2 checkpoint. */
final class Sam2Inspection {
    private final Path file;
    private final Output output;

    Sam2Inspection(Path file, Output output) {
        this.file = file;
        this.output = output;
    }

    /** A tensor under its original name. */
    record TensorRow(String name, String dtype, List<Integer> shape) implements TensorListing.Row {}

    /** The JSON object. */
    record Report(
            String file,
            String format,
            String keyStyle,
            String model,
            int imageSize,
            int embedDim,
            List<Integer> stages,
            List<Integer> windows,
            List<Integer> globalBlocks,
            int tensorCount,
            long parameters,
            List<String> videoOnly,
            List<String> inferred,
            String fit,
            List<TensorRow> tensors) {}

    int run(boolean json, boolean listsTensors) {
        try (Sam2Checkpoint checkpoint = Sam2Checkpoint.open(file)) {
            LoadReport fit = checkpoint.report();
            Report report = report(checkpoint, fit);
            if (json) {
                output.json(report);
            } else {
                print(report, listsTensors);
            }
            TensorListing.requireFit(file, fit);
            return 0;
        }
    }

    private static Report report(Sam2Checkpoint checkpoint, LoadReport fit) {
        List<TensorRow> rows = new ArrayList<>();
        long parameters = 0;
        for (String name : checkpoint.weights().names()) {
            TensorInfo info = checkpoint.weights().info(name);
            parameters += info.shape().elements();
            rows.add(new TensorRow(name, info.dtype().toString(), TensorListing.sizes(info)));
        }
        var trunk = checkpoint.config().trunk();
        return new Report(
                checkpoint.path().toString(),
                checkpoint.format(),
                checkpoint.keyStyle(),
                checkpoint.variant().map(Sam2Variant::officialName).orElse("unpublished SAM 2"),
                checkpoint.config().imageSize(),
                trunk.embedDim(),
                trunk.stages(),
                trunk.windows(),
                List.copyOf(new TreeSet<>(trunk.globalBlocks())),
                rows.size(),
                parameters,
                checkpoint.videoOnly(),
                checkpoint.inferred(),
                fit.toString(),
                rows);
    }

    private void print(Report report, boolean listsTensors) {
        output.line("file        " + report.file());
        output.line("format      " + report.format());
        output.line("key style   " + report.keyStyle());
        output.line("model       " + report.model() + " (segmentation of images)");
        output.line("input       " + report.imageSize() + " x " + report.imageSize());
        output.line("trunk       embed_dim " + report.embedDim() + ", stages " + report.stages() + ", windows "
                + report.windows() + ", global blocks " + report.globalBlocks());
        output.line("parameters  " + Output.grouped(report.parameters()) + " in " + report.tensorCount() + " tensors");
        if (!report.videoOnly().isEmpty()) {
            output.line("video only  " + report.videoOnly().size() + " tensors, not loaded");
        }
        output.line("fit         " + report.fit());
        report.inferred().forEach(line -> output.line("inferred    " + line));
        TensorListing.print(output, listsTensors, report.tensors());
    }
}
