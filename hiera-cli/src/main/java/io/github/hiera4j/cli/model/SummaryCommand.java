package io.github.hiera4j.cli.model;

import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.cost.LayerCost;
import io.github.hiera4j.model.cost.ModelCost;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.network.BlockPlan;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2ImageEncoder;
import io.github.hiera4j.model.sam.Sam2PromptGraph;
import io.github.hiera4j.model.sam.Sam2Variant;
import io.github.hiera4j.model.sam.checkpoint.Sam2Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints a model's parts with shapes and costs, or its whole graph. */
@Command(
        name = "summary",
        mixinStandardHelpOptions = true,
        description = "Show a model's stages and blocks: shapes, parameters, MACs.")
public final class SummaryCommand implements Runnable {
    @Mixin
    ModelArguments models;

    @Option(names = "--ema", description = "Use the averaged weights of a checkpoint that contains both kinds.")
    boolean ema;

    @Option(names = "--graph", description = "Print every node of the graph instead.")
    boolean graph;

    @Option(names = "--json", description = "Print one JSON object per line.")
    boolean json;

    @Spec
    CommandSpec spec;

    /** One part; {@code stage} is 0 outside the encoder's stages. */
    record Row(
            String name,
            int stage,
            List<Integer> output,
            String window,
            long parameters,
            long multiplyAccumulates,
            long activationBytes) {}

    /** One node of {@code --graph}. */
    record GraphRow(String name, String op, List<Integer> shape, List<String> inputs) {}

    @Override
    public void run() {
        String model = models.single();
        Optional<Sam2Config> segmenter = segmenter(model);
        if (segmenter.isPresent()) {
            printSegmenter(segmenter.get(), new Output(spec));
            return;
        }
        Output output = new Output(spec);
        Optional<BaselineModel> baseline = OtherModels.baseline(model);
        if (baseline.isPresent()) {
            print(baseline.get().inferenceGraph().select(Hiera.PROBABILITIES), List.of(), output);
            return;
        }
        ModelConfig config = ConvertCommand.named(model, ema);
        print(config.inferenceGraph(), config.isHiera() ? BlockPlan.of(config.encoder()) : List.of(), output);
    }

    private static Optional<Sam2Config> segmenter(String model) {
        Path path = Path.of(model);
        if (!Files.exists(path)) {
            return Sam2Variant.find(model).map(Sam2Variant::config);
        }
        if (!Sam2Checkpoint.isSam2(path)) {
            return Optional.empty();
        }
        try (Sam2Checkpoint checkpoint = Sam2Checkpoint.open(path)) {
            return Optional.of(checkpoint.config());
        }
    }

    /** Prints the image encoder, then the cost of one prompt with one point. */
    private void printSegmenter(Sam2Config config, Output output) {
        Graph images = new Sam2ImageEncoder(config).graph().select(Sam2ImageEncoder.OUTPUTS);
        Graph prompts = Sam2PromptGraph.forPoint(config);
        if (graph) {
            printGraph(images, output);
            printGraph(prompts, output);
            return;
        }
        printParts(List.of(), ModelCost.of(images), output);
        output.line("");
        output.line("One prompt with one point:");
        printParts(List.of(), ModelCost.of(prompts), output);
    }

    private void print(Graph network, List<BlockPlan> plans, Output output) {
        if (graph) {
            printGraph(network, output);
        } else {
            printParts(plans, ModelCost.of(network), output);
        }
    }

    private void printParts(List<BlockPlan> plans, ModelCost cost, Output output) {
        List<Row> rows = new ArrayList<>();
        for (LayerCost layer : cost.layers()) {
            if (layer.parameters() > 0 || layer.multiplyAccumulates() > 0) {
                rows.add(row(layer, plans));
            }
        }
        if (json) {
            rows.forEach(output::json);
            return;
        }
        List<List<String>> cells = new ArrayList<>();
        rows.forEach(row -> cells.add(cells(row)));
        cells.add(List.of(
                "total",
                "",
                "",
                "",
                Output.grouped(cost.parameters()),
                Output.rounded(cost.multiplyAccumulates()),
                Output.rounded(cost.activationBytes())));
        output.table(List.of("part", "stage", "output", "window", "parameters", "MACs", "act. B"), cells);
        output.line("");
        output.line("Per sample. Window: tokens in each attention window; /4: queries are pooled.");
        output.line("Activations in float32; at most " + Output.rounded(cost.peakActivationBytes())
                + "B of them in use at a time.");
    }

    private static Row row(LayerCost layer, List<BlockPlan> plans) {
        String name = layer.name();
        boolean block = name.startsWith("blocks.") && !plans.isEmpty();
        BlockPlan plan = block ? plans.get(Integer.parseInt(name.substring("blocks.".length()))) : null;
        return new Row(
                name,
                plan == null ? 0 : plan.stage() + 1,
                sizes(layer.output().sizes()),
                plan == null ? (name.startsWith("decoder_blocks.") ? "all" : "") : window(plan),
                layer.parameters(),
                layer.multiplyAccumulates(),
                layer.activationBytes());
    }

    private static String window(BlockPlan plan) {
        String reach = plan.windowTokens() == BlockPlan.GLOBAL ? "all" : String.valueOf(plan.windowTokens());
        return plan.queryPool() > 1 ? reach + " /" + plan.queryPool() : reach;
    }

    /** Shortens a name to leave room for the figures; JSON contains the full name. */
    private static String shortName(String name) {
        return name.replace("multi_scale_", "…")
                .replace("image_encoder.", "")
                .replace("sam_mask_decoder", "decoder")
                .replace("transformer.", "")
                .replace("_token_to_image", "…")
                .replace("output_hypernetworks_mlps", "hypernetworks")
                .replace("output_upscaling", "upscaling")
                .replace("iou_prediction_head", "iou_head")
                .replace("_score_head", "_score");
    }

    private static List<String> cells(Row row) {
        return List.of(
                shortName(row.name()),
                row.stage() == 0 ? "" : String.valueOf(row.stage()),
                shape(row.output()),
                row.window(),
                Output.grouped(row.parameters()),
                Output.rounded(row.multiplyAccumulates()),
                Output.rounded(row.activationBytes()));
    }

    private void printGraph(Graph network, Output output) {
        for (Node node : network.nodes()) {
            if (node.op() instanceof Op.Parameter && !json) {
                continue; // parameter shapes follow from the layers
            }
            List<String> inputs = node.inputs().stream().map(Node::name).toList();
            if (json) {
                output.json(new GraphRow(
                        node.name(), node.op().label(), sizes(node.shape().sizes()), inputs));
            } else {
                String sources = node.inputs().stream()
                        .filter(input -> !(input.op() instanceof Op.Parameter))
                        .map(Node::name)
                        .collect(Collectors.joining(", "));
                output.line(String.format(
                        Locale.ROOT,
                        "%-28s %-12s %-18s %s",
                        node.name(),
                        node.op().label(),
                        node.shape(),
                        sources));
            }
        }
    }

    /** Formats the sizes of one sample without the batch: {@code 3136×96}. */
    private static String shape(List<Integer> sizes) {
        return sizes.stream().filter(Objects::nonNull).map(String::valueOf).collect(Collectors.joining("×"));
    }

    /** Returns the sizes, with null for the batch, as in JSON. */
    private static List<Integer> sizes(int[] sizes) {
        List<Integer> list = new ArrayList<>();
        for (int size : sizes) {
            list.add(size < 0 ? null : size);
        }
        return list;
    }
}
