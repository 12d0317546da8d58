package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.video.Mp4Writer;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.FileSource;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.evaluate.CheckpointEvaluation;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.run.CheckpointRecipe;
import io.github.hiera4j.train.run.RunDirectory;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A model trained in this test, used on held-out files: it knows its classes, and gets the same input as in its evaluation. */
class TrainedModelTest {
    private static final int WIDTH = 110;
    private static final int HEIGHT = 74;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void train() throws IOException {
        Random random = new Random(7);
        for (String part : List.of("train", "val")) {
            for (String name : List.of("calm sea", "storm")) {
                Path pictures = Files.createDirectories(data("pictures", part, name));
                Path clips = Files.createDirectories(data("clips", part, name));
                for (int number = 0; number < (part.equals("train") ? 4 : 2); number++) {
                    int step = name.equals("storm") ? 3 : 11;
                    ImageIO.write(
                            texture(random, step),
                            "png",
                            pictures.resolve(number + ".png").toFile());
                    writeClip(clips.resolve(number + ".mp4"), random, step);
                }
            }
        }
        tune("pictures", "small-finetune", "model=hiera_nano_64", "test_share=0.7", "interpolation=bicubic");
        tune("clips", "small-video-finetune", "test_crops=3", "test_clips=2", "frame_stride=3", "test_share=0.9");
        tune("centres", "small-video-finetune", "test_crops=1", "test_clips=1", "frame_stride=1", "test_share=0.6");
    }

    private static Path data(String kind, String part, String name) {
        return directory.resolve("data").resolve(kind).resolve(part).resolve(name);
    }

    private static Path dataOf(String run) {
        return directory.resolve("data").resolve(run.equals("pictures") ? "pictures" : "clips");
    }

    private static Path model(String run) {
        return directory.resolve(run).resolve("model");
    }

    private static void tune(String run, String recipe, String... settings) {
        List<Object> call = new ArrayList<>(
                List.of("finetune", "--recipe", recipe, "--data", dataOf(run), "--out", directory.resolve(run)));
        for (String setting : List.of("epochs=1", "batch_size=4", "warmup_epochs=0", "precision=float32")) {
            call.addAll(List.of("--set", setting));
        }
        for (String setting : settings) {
            call.addAll(List.of("--set", setting));
        }
        CommandRun tuning = CommandRun.of(call.toArray());
        assertThat(tuning.exitCode()).as(tuning.err()).isZero();
    }

    /** Draws lines of random colours without repetition, so that another crop, scale or moment gives other pixels. */
    private static BufferedImage texture(Random random, int step) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        int colour = 0;
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                colour = (x + y) % step == 0 ? random.nextInt(1 << 24) : colour;
                image.setRGB(x, y, colour);
            }
        }
        return image;
    }

    private static void writeClip(Path file, Random random, int step) throws IOException {
        List<Rgb8Image> frames = new ArrayList<>();
        Path frame = directory.resolve("frame.png");
        for (int number = 0; number < 30; number++) {
            ImageIO.write(texture(random, step), "png", frame.toFile());
            frames.add(ImageReader.read(frame));
        }
        Mp4Writer.write(file, frames, 30);
    }

    private static List<Path> heldOut(Dataset dataset) {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < dataset.validation().size(); i++) {
            files.add(((FileSource) dataset.validation()).path(i));
        }
        return files;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pictures", "clips", "centres"})
    void aHeldOutFileIsClassifiedAsItWasInEvaluation(String run) {
        Dataset dataset = Datasets.open(dataOf(run));
        List<Evaluation.Prediction> evaluated;
        try (Checkpoint checkpoint = Checkpoint.open(model(run))) {
            Recipe recipe = CheckpointRecipe.of(checkpoint).recipe();
            evaluated = CheckpointEvaluation.run(
                            checkpoint, recipe.data(), recipe.run().compileOptions(), dataset, Progress.SILENT)
                    .evaluation()
                    .samples();
        }
        double differenceToReleased = 0;
        LoadOptions released = LoadOptions.DEFAULT.withReleasedPreprocessing();
        try (HieraClassifier hiera = HieraClassifier.load(model(run));
                HieraClassifier otherwise = HieraClassifier.load(model(run), released)) {
            List<Path> files = heldOut(dataset);
            assertThat(evaluated).hasSize(files.size()).hasSize(4);
            for (int i = 0; i < files.size(); i++) {
                Classification best = hiera.classify(files.get(i), 1).get(0);
                assertThat(best.index()).isEqualTo(evaluated.get(i).predicted());
                assertThat(best.probability()).isCloseTo(evaluated.get(i).confidence(), within(2e-6));
                double elsewhere = otherwise.classify(files.get(i), 2).stream()
                        .filter(guess -> guess.index() == best.index())
                        .findFirst()
                        .orElseThrow()
                        .probability();
                differenceToReleased = Math.max(differenceToReleased, Math.abs(elsewhere - best.probability()));
            }
        }
        assertThat(differenceToReleased).isGreaterThan(1e-4); // otherwise this test could not detect a difference
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "best"})
    void classNamesArePrinted(String weights) {
        Path file = data("pictures", "val", "storm").resolve("0.png");
        CommandRun run = CommandRun.of(
                "classify", file, "--weights", directory.resolve("pictures").resolve(weights));
        assertThat(run.exitCode()).isZero();
        assertThat(run.lines().stream().map(line -> line.substring(9))).containsExactlyInAnyOrder("calm sea", "storm");
    }

    @Test
    void aClassNameCannotCommandATerminal() throws IOException {
        Path copy = directory.resolve("named");
        CommandRun.of("convert", model("pictures"), copy);
        Path sidecar = copy.resolve("hiera4j.json");
        Files.writeString(sidecar, Files.readString(sidecar).replace("storm", "\\u001b[2J\\n"));
        Path file = data("pictures", "val", "storm").resolve("0.png");
        CommandRun run = CommandRun.of("classify", file, "--weights", copy);
        assertThat(run.lines().stream().map(line -> line.substring(9))).containsExactlyInAnyOrder("calm sea", "?[2J?");
    }

    @Test
    void theCommandTakesTheClipsOfTheModelUnlessOthersAreAskedFor() {
        Path file = data("clips", "val", "storm").resolve("1.mp4");
        double own = probability(file);
        assertThat(probability(file, "--clips", "2", "--crops", "3", "--stride", "3"))
                .isEqualTo(own);
        assertThat(probability(file, "--stride", "4")).isNotEqualTo(own);
        assertThat(probability(file, "--clips", "1")).isNotEqualTo(own);
        assertThat(probability(file, "--crops", "1")).isNotEqualTo(own);
        assertThat(probability(file, "--preprocess", "released")).isNotEqualTo(own);
    }

    private static double probability(Path file, Object... options) {
        List<Object> call = new ArrayList<>(List.of("classify", file, "--json", "--weights", model("clips")));
        call.addAll(List.of(options));
        return JsonMapper.shared()
                .readTree(CommandRun.of(call.toArray()).lines().get(0))
                .get("predictions")
                .get(0)
                .get("probability")
                .asDouble();
    }

    @Test
    void convertingToTimmAndBackChangesNothing() {
        Path timm = directory.resolve("timm");
        Path back = directory.resolve("back");
        assertThat(CommandRun.of("convert", model("clips"), timm, "--keys", "timm")
                        .lines())
                .endsWith(timm.resolve("hiera4j.json").toString());
        assertThat(CommandRun.of("convert", timm, back).exitCode()).isZero();
        for (String name : List.of("model.safetensors", "config.json", "hiera4j.json")) {
            assertThat(back.resolve(name)).hasSameBinaryContentAs(model("clips").resolve(name));
        }
    }

    @Test
    void clearingARunLeavesNothingOfItsModel() {
        RunDirectory run = RunDirectory.open(directory.resolve("cleared"));
        CommandRun.of("convert", model("pictures"), run.file("model"));
        assertThat(run.file("model").resolve("hiera4j.json")).exists();
        run.clear();
        assertThat(run.file("model")).doesNotExist();
    }

    @Test
    void clipsThatAreAskedForBeyondTheirBoundsAreRefused() {
        Path file = data("clips", "val", "storm").resolve("1.mp4");
        CommandRun run = CommandRun.of("classify", file, "--weights", model("clips"), "--clips", "0");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("'--clips': expected a whole number from 1, got 0")
                .hasLineCount(1);
    }

    @Test
    void anUnknownFilterIsReportedWithTheFileThatAsksForIt() throws IOException {
        Path copy = directory.resolve("copy");
        CommandRun.of("convert", model("pictures"), copy);
        Path sidecar = copy.resolve("hiera4j.json");
        Files.writeString(sidecar, Files.readString(sidecar).replace("bicubic", "sinc9"));
        Path file = data("pictures", "val", "storm").resolve("0.png");
        CommandRun run = CommandRun.of("classify", file, "--weights", copy);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(copy.toString(), "unknown interpolation 'sinc9'", "--preprocess released")
                .hasLineCount(1);
        assertThat(CommandRun.of("classify", file, "--weights", copy, "--preprocess", "released")
                        .exitCode())
                .isZero();
    }
}
