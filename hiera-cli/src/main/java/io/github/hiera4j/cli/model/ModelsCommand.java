package io.github.hiera4j.cli.model;

import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.BaselineVariant;
import io.github.hiera4j.model.cost.ModelCost;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2ImageEncoder;
import io.github.hiera4j.model.sam.Sam2Model;
import io.github.hiera4j.model.sam.Sam2Variant;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the published models. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = "List the published models, their size, cost and checkpoints.")
public final class ModelsCommand implements Runnable {
    private static final String SAM2_LICENCE = "Apache-2.0";

    @Mixin
    ModelArguments models;

    @Option(names = "--json", description = "Print one JSON object per line.")
    boolean json;

    @Spec
    CommandSpec spec;

    /** One line of the list; MACs and input are per sample. */
    record Row(
            String name,
            long parameters,
            long multiplyAccumulates,
            List<Integer> input,
            int classes,
            List<String> checkpoints,
            String licence) {}

    @Override
    public void run() {
        Output output = new Output(spec);
        List<String> wanted = models.or(List.of());
        if (!wanted.isEmpty()) {
            show(wanted, output);
            return;
        }
        List<Row> rows = new ArrayList<>();
        for (HieraVariant variant : HieraVariant.values()) {
            rows.add(row(variant.officialName(), variant.config(), variant.checkpoints(), variant.licence()));
        }
        for (HieraVariant variant : HieraVariant.values()) {
            if (variant.hasAbsoluteWindows()) {
                continue; // these have no autoencoder
            }
            MaeConfig autoencoder = MaeConfig.around(variant.config());
            rows.add(row(
                    "mae_" + variant.officialName(),
                    autoencoder,
                    variant.checkpoints().subList(0, 1),
                    variant.licence()));
        }
        List<Row> segmenters = new ArrayList<>();
        for (Sam2Variant variant : Sam2Variant.values()) {
            segmenters.add(segmenter(variant));
        }
        List<Row> baselines = new ArrayList<>();
        for (BaselineVariant variant : BaselineVariant.values()) {
            baselines.add(baseline(variant.label(), variant.model()));
        }
        if (json) {
            rows.forEach(output::json);
            segmenters.forEach(output::json);
            baselines.forEach(output::json);
            return;
        }
        int encoders = HieraVariant.values().length;
        output.table(
                List.of("encoder", "parameters", "GMACs", "input", "checkpoints"), cells(rows.subList(0, encoders)));
        output.line("");
        output.table(
                List.of("masked autoencoder", "parameters", "GMACs", "input", "checkpoints"),
                cells(rows.subList(encoders, rows.size())));
        output.line("");
        output.table(
                List.of("segmentation (SAM 2.1)", "parameters", "GMACs", "input", "checkpoints"), cells(segmenters));
        output.line("");
        output.table(List.of("for comparison", "parameters", "GMACs", "input", "checkpoints"), cells(baselines));
        output.line("");
        output.line("The published weights of encoders and autoencoders are licensed CC-BY-NC-4.0:");
        output.line("no commercial use. Those of timm's abswin models, SAM 2 and SAM 2.1 are");
        output.line("licensed " + SAM2_LICENCE + ".");
    }

    /** Shows the given published models or checkpoints. */
    private void show(List<String> wanted, Output output) {
        List<Row> rows = new ArrayList<>();
        for (String name : wanted) {
            Optional<BaselineModel> other = OtherModels.baseline(name);
            if (other.isPresent()) {
                rows.add(baseline(name, other.get()));
                continue;
            }
            Optional<Sam2Variant> segmenter = Sam2Variant.find(name);
            rows.add(
                    segmenter.isPresent()
                            ? segmenter(segmenter.get())
                            : row(name, ConvertCommand.named(name, false), checkpoints(name), licence(name)));
        }
        if (json) {
            rows.forEach(output::json);
        } else {
            output.table(List.of("model", "parameters", "GMACs", "input", "checkpoints"), cells(rows));
        }
    }

    private static Optional<HieraVariant> variant(String name) {
        return HieraVariant.find(name.startsWith("mae_") ? name.substring(4) : name);
    }

    private static List<String> checkpoints(String name) {
        return variant(name).map(HieraVariant::checkpoints).orElse(List.of());
    }

    private static String licence(String name) {
        return variant(name).map(HieraVariant::licence).orElse("");
    }

    private static Row row(String name, ModelConfig config, List<String> checkpoints, String licence) {
        ModelCost cost = ModelCost.of(config.inferenceGraph());
        return new Row(
                name,
                cost.parameters(),
                cost.multiplyAccumulates(),
                config.encoder().inputSize(),
                config.encoder().numClasses(),
                checkpoints,
                licence);
    }

    /** Returns the line of a model for comparison, for which no checkpoint is offered. */
    private static Row baseline(String name, BaselineModel model) {
        ModelCost cost = ModelCost.of(model.inferenceGraph().select(Hiera.LOGITS));
        List<Integer> input = Arrays.stream(model.inputShape().sizes())
                .skip(2) // batch and channels
                .boxed()
                .toList();
        return new Row(name, cost.parameters(), cost.multiplyAccumulates(), input, model.numClasses(), List.of(), "");
    }

    /** Returns the line of a SAM 2 image model: the parameters of all its parts, and the cost of encoding one image. */
    private static Row segmenter(Sam2Variant variant) {
        Sam2Config config = variant.config();
        Graph images = new Sam2ImageEncoder(config).graph().select(Sam2ImageEncoder.OUTPUTS);
        long parameters = Sam2Model.parameters(config).values().stream()
                .mapToLong(Shape::elements)
                .sum();
        return new Row(
                variant.officialName(),
                parameters,
                ModelCost.of(images).multiplyAccumulates(),
                config.trunk().inputSize(),
                0,
                List.of(variant.officialName() + ".pt"),
                SAM2_LICENCE);
    }

    private static List<List<String>> cells(List<Row> rows) {
        return rows.stream().map(ModelsCommand::cells).toList();
    }

    private static List<String> cells(Row row) {
        String frames = row.input().size() == 3 ? row.input().get(0) + "×" : "";
        return List.of(
                row.name(),
                Output.grouped(row.parameters()),
                String.format(Locale.ROOT, "%.1f", row.multiplyAccumulates() / 1e9),
                frames + row.input().get(row.input().size() - 1) + "²",
                String.join(" ", row.checkpoints()));
    }
}
