package io.github.hiera4j.cli.ladder;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.bench.chart.AccuracyChart;
import io.github.hiera4j.bench.paper.PaperSpeed;
import io.github.hiera4j.cli.model.ConvertCommand;
import io.github.hiera4j.cli.model.OtherModels;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.train.evaluate.PublishedAccuracy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the accuracy of Hiera, ViT and MViTv2 in the paper with their speed on this machine. */
@Command(
        name = "compare-models",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Compare Hiera, ViT and MViTv2: the paper's accuracy against speed on this machine.",
        footer = {
            "Columns: img/s or clip/s, inference; MB, native memory; train, samples per second",
            "of a training step; paper, samples per second on an A100 in float16; then its",
            "accuracy. A cell is empty if the paper does not state the figure."
        })
public final class CompareModelsCommand implements Callable<Integer> {
    private static final List<String> IMAGE_MODELS = List.of(
            "hiera_tiny_224",
            "hiera_small_224",
            "hiera_base_224",
            "hiera_base_plus_224",
            "hiera_large_224",
            "vit_base_patch16_224",
            "vit_large_patch16_224",
            "mvitv2_tiny",
            "mvitv2_small",
            "mvitv2_base",
            "mvitv2_large");
    private static final List<String> VIDEO_MODELS = List.of(
            "hiera_base_16x224",
            "hiera_base_plus_16x224",
            "hiera_large_16x224",
            "vit_base_patch16_16x224",
            "vit_large_patch16_16x224",
            "mvitv2_small_16x224",
            "mvitv2_base_16x224",
            "mvitv2_large_16x224");

    /** A data set reported in the paper, identified by its number of classes. */
    private record DataSet(String label, int classes, String file) {}

    private static final List<DataSet> IMAGE_DATA =
            List.of(new DataSet("IN-1K", 1000, "imagenet-1k"), new DataSet("iNat17", 5089, "inaturalist-2017"));
    private static final List<DataSet> VIDEO_DATA = List.of(new DataSet("K400", 400, "kinetics-400"));

    @Parameters(
            arity = "0..*",
            split = ",",
            paramLabel = "MODEL",
            description = "Published models, all for images or all for videos (hiera models).")
    List<String> named = List.of();

    @Option(names = "--video", description = "Compare the models for videos, unless models are named.")
    boolean video;

    @Mixin
    SpeedOptions speed;

    @Spec
    CommandSpec spec;

    private record Subject(Candidate candidate, List<Integer> inputSize) {
        String name() {
            return candidate.name();
        }

        String family() {
            String name = name();
            return name.startsWith("vit")
                    ? "ViT"
                    : name.startsWith("mvit")
                            ? "MViTv2"
                            : name.startsWith("swin") ? "Swin" : name.startsWith("conv") ? "ConvNeXt V2" : "Hiera";
        }

        OptionalDouble top1(DataSet data) {
            return PublishedAccuracy.named(name(), inputSize, data.classes())
                    .map(figure -> OptionalDouble.of(figure.top1()))
                    .orElse(OptionalDouble.empty());
        }
    }

    private record Measured(Subject subject, SpeedRow row) {}

    @Override
    public Integer call() {
        Output output = new Output(spec);
        List<String> names = named.isEmpty() ? (video ? VIDEO_MODELS : IMAGE_MODELS) : named;
        List<Subject> subjects = names.stream().distinct().map(this::subject).toList();
        boolean isVideo = subjects.get(0).inputSize().size() == 3;
        for (Subject subject : subjects) {
            checkCall(
                    (subject.inputSize().size() == 3) == isVideo,
                    "images and videos cannot be compared: %s differs from %s",
                    subject.name(),
                    subjects.get(0).name());
        }
        Optional<Path> directory = speed.directory();
        int batch = speed.batch(isVideo);
        boolean isComplete = true;
        if (!speed.json) {
            SpeedOptions.machine().forEach(output::line);
        }
        List<DataSet> data = isVideo ? VIDEO_DATA : IMAGE_DATA;
        for (SpeedOptions.Engine engine : speed.engines(output)) {
            List<Measured> rows = new ArrayList<>();
            for (Subject subject : subjects) {
                Optional<SpeedRow> row = speed.measure(subject.candidate(), engine, batch, output);
                isComplete &= row.isPresent();
                row.ifPresent(found -> rows.add(new Measured(subject, found)));
            }
            if (speed.json) {
                rows.forEach(row -> output.json(json(row, data)));
            } else if (!rows.isEmpty()) {
                output.line("");
                output.line(engine.describe(batch));
                printTable(rows, data, isVideo ? "clip/s" : "img/s", output);
            }
            directory.ifPresent(path -> draw(path, engine, rows, data, isVideo, output));
        }
        return isComplete ? 0 : 1;
    }

    private Subject subject(String name) {
        Optional<BaselineModel> baseline = OtherModels.baseline(name);
        Candidate candidate;
        if (baseline.isPresent()) {
            candidate = Candidate.of(name, baseline.get());
        } else {
            ModelConfig config = ConvertCommand.published(name);
            checkCall(
                    config instanceof HieraConfig,
                    "%s is an autoencoder and has no accuracy: use its classifier",
                    Printable.of(name));
            candidate = Candidate.of(name, config.encoder());
        }
        int[] pixels = Objects.requireNonNull(candidate.inference().inputs().get(HieraEncoder.INPUT))
                .shape()
                .sizes();
        List<Integer> input = Arrays.stream(pixels).skip(2).boxed().toList(); // without batch and channels
        return new Subject(candidate, input);
    }

    private void printTable(List<Measured> rows, List<DataSet> data, String unit, Output output) {
        List<String> heading = new ArrayList<>(List.of("model", "params", "MACs", unit, "MB"));
        if (speed.trainStep) {
            heading.add("train");
        }
        heading.add("paper");
        data.forEach(set -> heading.add(set.label()));
        List<List<String>> cells = new ArrayList<>();
        for (Measured measured : rows) {
            SpeedRow row = measured.row();
            List<String> line = new ArrayList<>(List.of(
                    measured.subject().name(),
                    Output.rounded(row.cost().parameters()),
                    Output.rounded(row.cost().multiplyAccumulates()),
                    SpeedRow.number(row.samplesPerSecond()),
                    SpeedRow.number(row.inference().nativeBytes() / 1e6)));
            if (speed.trainStep) {
                line.add(SpeedRow.number(row.training()));
            }
            OptionalDouble paper = PaperSpeed.of(measured.subject().name());
            line.add(paper.isPresent() ? SpeedRow.number(paper.getAsDouble()) : "");
            for (DataSet set : data) {
                OptionalDouble top1 = measured.subject().top1(set);
                line.add(top1.isPresent() ? String.format(Locale.ROOT, "%.1f %%", 100 * top1.getAsDouble()) : "");
            }
            cells.add(line);
        }
        output.table(heading, cells);
    }

    private static Map<String, Object> json(Measured measured, List<DataSet> data) {
        Subject subject = measured.subject();
        Map<String, Object> line = measured.row().toJson(Map.of("model", subject.name()));
        PaperSpeed.of(subject.name()).ifPresent(paper -> line.put("paperSamplesPerSecond", paper));
        Map<String, Double> accuracy = new LinkedHashMap<>();
        data.forEach(set -> subject.top1(set).ifPresent(top1 -> accuracy.put(set.label(), top1)));
        line.put("paperTop1", accuracy);
        return line;
    }

    /** Draws a chart for each data set for which the paper states a figure. */
    private static void draw(
            Path directory,
            SpeedOptions.Engine engine,
            List<Measured> rows,
            List<DataSet> data,
            boolean isVideo,
            Output output) {
        String dtype = engine.options().dtype().toString();
        for (DataSet set : data) {
            List<AccuracyChart.Point> points = new ArrayList<>();
            for (Measured measured : rows) {
                Subject subject = measured.subject();
                subject.top1(set)
                        .ifPresent(top1 -> points.add(new AccuracyChart.Point(
                                subject.name(), subject.family(), measured.row().samplesPerSecond(), top1)));
            }
            if (!points.isEmpty()) {
                Path file = directory.resolve(set.file() + "-" + dtype + ".svg");
                String unit = (isVideo ? "clips" : "images") + " per second on this machine, " + dtype;
                new AccuracyChart("Accuracy in the paper on " + set.label() + " against speed", unit, points)
                        .write(file);
                output.note("picture: " + file);
            }
        }
    }
}
