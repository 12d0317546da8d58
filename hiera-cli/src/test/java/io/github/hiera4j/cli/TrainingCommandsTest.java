package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.ProcessorPrecision;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pretraining, fine-tuning, evaluating and probing the smallest model on two dozen pictures. */
class TrainingCommandsTest {
    private static final String[] SMALL = {
        "--set", "model=hiera_nano_64", "--set", "epochs=2", "--set", "batch_size=8", "--set", "warmup_epochs=0"
    };

    @TempDir
    private static Path directory;

    private static Path twoClasses;
    private static Path threeClasses;
    private static CommandRun pretraining;
    private static CommandRun tuning;

    @BeforeAll
    static void train() throws IOException {
        twoClasses = pictures("two", List.of("dark", "light"));
        threeClasses = pictures("three", List.of("dark", "light", "medium"));
        pretraining = run("pretrain", "--data", twoClasses, "--out", out("mae"));
        tuning = run(
                "finetune",
                "--data",
                twoClasses,
                "--out",
                out("tuned"),
                "--from",
                out("mae").resolve("model"));
    }

    private static Path out(String name) {
        return directory.resolve(name);
    }

    private static CommandRun run(Object... arguments) {
        Object[] all = new Object[arguments.length + SMALL.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(SMALL, 0, all, arguments.length, SMALL.length);
        return CommandRun.of(all);
    }

    /** Pictures of a brightness that depends on the class, with boxes of other brightness here and there. */
    private static Path pictures(String name, List<String> classes) throws IOException {
        Path root = directory.resolve(name);
        Random random = new Random(1);
        for (String part : List.of("train", "val")) {
            for (int label = 0; label < classes.size(); label++) {
                Path place = Files.createDirectories(root.resolve(part).resolve(classes.get(label)));
                for (int number = 0; number < (part.equals("train") ? 12 : 4); number++) {
                    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
                    Graphics2D g = image.createGraphics();
                    g.setColor(new Color(40 + 80 * label, 40 + 80 * label, 40 + 80 * label + random.nextInt(20)));
                    g.fillRect(0, 0, 64, 64);
                    g.setColor(new Color(random.nextInt(1 << 24)));
                    g.fillRect(random.nextInt(54), random.nextInt(54), 10, 10);
                    g.dispose();
                    ImageIO.write(image, "png", place.resolve(number + ".png").toFile());
                }
            }
        }
        return root;
    }

    private static void assertFits(CommandRun run) {
        assertThat((run.out() + run.err()).lines()).noneMatch(line -> !line.contains("/") && line.length() > 80);
    }

    @Test
    void pretrainingLeavesModelManifestMetricsAndReport() {
        assertThat(pretraining.exitCode()).isZero();
        assertThat(pretraining.err())
                .contains(
                        "24 training and 8 held-out samples; pretraining uses no labels",
                        "held out: ",
                        "6/6  epoch 2",
                        "validation_loss",
                        "report: ");
        for (String name : List.of(
                "model/model.safetensors", "model/config.json", "manifest.json", "metrics.jsonl", "report.html")) {
            assertThat(out("mae").resolve(name)).isNotEmptyFile();
        }
        assertFits(pretraining);
    }

    @Test
    void aRecipeThatNobodyNamedTrainsInAPrecisionThatTheProcessorComputes() throws IOException {
        Recipe recipe = Recipes.named("small-mae");
        boolean emulated = ProcessorPrecision.isEmulated(recipe.run());

        assertThat(Files.readString(out("mae").resolve("manifest.json")))
                .contains("\"precision\" : \"" + (emulated ? "float32" : "bfloat16") + "\"");
        assertThat(pretraining.err().contains("this processor emulates bfloat16"))
                .isEqualTo(emulated);
    }

    @Test
    void reconstructionsOverEpochsAndWhereTheModelLookedAreInTheReports() throws IOException {
        for (String name : List.of("step-000000003.png", "step-000000006.png", "masked.png", "original.png")) {
            assertThat(out("mae").resolve("reconstructions").resolve(name)).isNotEmptyFile();
        }
        assertThat(out("mae").resolve("report.html"))
                .content()
                .contains("reconstructed over epochs", "step 3, loss ", "step 6, loss ");
        String tuned = Files.readString(out("tuned").resolve("report.html"));
        assertThat(tuned.contains("Where the model looked at wrong predictions"))
                .isEqualTo(tuned.contains("Wrong predictions ("));
        assertThat(tuned).doesNotContain("Not available");
    }

    @Test
    void finetuningBeginsWithTheAutoencodersWeightsAndANewHead() throws IOException {
        assertThat(tuning.exitCode()).isZero();
        assertThat(tuning.err()).contains("initialised randomly: norm, head.projection", "top1 ");
        assertFits(tuning);
        assertThat(Files.readString(out("tuned").resolve("manifest.json"))).contains("\"command\" : \"finetune\"");
    }

    @Test
    void resumeNeedsNothingButTheRunAndLeavesACompleteOneAlone() throws IOException {
        Path run = out("mae");
        Path model = run.resolve("model/model.safetensors");
        Object written = Files.getLastModifiedTime(model);
        CommandRun resumed = CommandRun.of("pretrain", "--resume", run);
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("this run is complete; raise epochs to train longer");
        assertThat(Files.getLastModifiedTime(model)).isEqualTo(written);

        CommandRun wrong = CommandRun.of("finetune", "--resume", run);
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err())
                .contains("was started by hiera pretrain; resume it with that command")
                .hasLineCount(1);

        CommandRun nothing = CommandRun.of("pretrain", "--resume", directory.resolve("nothing"));
        assertThat(nothing.exitCode()).isEqualTo(1);
        assertThat(nothing.err()).contains("holds no run to resume").hasLineCount(1);
        assertThat(directory.resolve("nothing")).doesNotExist();
    }

    @Test
    void aRunIsTrainedLongerByRaisingItsEpochs() throws IOException {
        assertThat(run("pretrain", "--data", twoClasses, "--out", out("longer")).exitCode())
                .isZero();
        CommandRun longer = CommandRun.of("pretrain", "--resume", out("longer"), "--set", "epochs=3");
        assertThat(longer.exitCode()).as(longer.err()).isZero();
        assertThat(longer.err()).contains("epochs 2 to 3", "resumes after step 6 of 9", "9/9  epoch 3");
        CommandRun other =
                CommandRun.of("pretrain", "--resume", out("longer"), "--data", threeClasses, "--set", "epochs=4");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("was trained on other data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--out", "--data"})
    void theDataAndTheDirectoryAreNeeded(String given) {
        CommandRun run = CommandRun.of("pretrain", given, twoClasses);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Missing required option: '").hasLineCount(1);
    }

    @Test
    void finetuningOnOtherClassesSaysThatTheHeadIsReplaced() {
        CommandRun run = run(
                "finetune",
                "--data",
                threeClasses,
                "--out",
                out("other"),
                "--from",
                out("tuned").resolve("model"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .contains("the head for 2 classes is replaced by one for 3", "initialised randomly: head.projection");
    }

    @Test
    void finetuningAtAnotherSizeResizesThePositionEmbeddingAndLeavesAModelOfThatSize() {
        CommandRun run = run(
                "finetune",
                "--data",
                twoClasses,
                "--out",
                out("larger"),
                "--set",
                "input_size=80x64",
                "--set",
                "position_rate=0.5",
                "--from",
                out("mae").resolve("model"));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("trained at [64, 64], fine-tuned at [80, 64]");
        CommandRun judged =
                CommandRun.of("evaluate", "--weights", out("larger").resolve("model"), "--data", twoClasses, "--json");
        assertThat(judged.exitCode()).as(judged.err()).isZero();
        CommandRun inspected = CommandRun.of("inspect", out("larger").resolve("model"), "--json");
        assertThat(inspected.out()).contains("[80,64]");
    }

    @Test
    void evaluationPrintsClassesAndMatrixAndWritesWhatIsAskedFor() throws IOException {
        Path csv = directory.resolve("confusion.csv");
        CommandRun run = CommandRun.of(
                "evaluate",
                "--weights",
                out("tuned").resolve("model"),
                "--data",
                twoClasses,
                "--out",
                out("judged"),
                "--confusion",
                csv);
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("manifest.json", "evaluating 8/8", "report: ");
        assertThat(run.lines().get(0)).startsWith("8 samples of 2 classes: top-1 ");
        assertThat(run.lines().get(2)).isEqualTo("class  accuracy  samples");
        assertThat(run.out()).contains("rows: true class, columns: predicted class");
        assertFits(run);
        assertThat(Files.readString(csv)).startsWith("true class,dark,light\r\ndark,");
        assertThat(Files.readString(out("judged").resolve("report.html")))
                .contains("Confusion matrix", "<span>evaluate</span>", "data:image/png;base64")
                .doesNotContain("http://", "https://");

        JsonNode result = JsonMapper.shared()
                .readTree(out("judged").resolve("result.json").toFile());
        assertThat(result.get("samples").asInt()).isEqualTo(8);
        int right = result.get("confusion").get(0).get(0).asInt()
                + result.get("confusion").get(1).get(1).asInt();
        assertThat(result.get("top1").asDouble()).isEqualTo(right / 8.0);
        assertThat(run.lines().get(0))
                .contains(String.format(java.util.Locale.ROOT, "top-1 %.1f %%", 100 * right / 8.0));
    }

    @Test
    void jsonIsOneLineOnStandardOutputAndTheSameEveryTime() {
        Object[] call = {"evaluate", "--weights", out("tuned").resolve("best"), "--data", twoClasses, "--json"};
        CommandRun run = CommandRun.of(call);
        assertThat(run.lines()).hasSize(1);
        assertThat(JsonMapper.shared()
                        .readTree(run.lines().get(0))
                        .get("classes")
                        .get(1)
                        .get("name")
                        .asString())
                .isEqualTo("light");
        assertThat(CommandRun.of(call).out()).isEqualTo(run.out());
    }

    @Test
    void whatIsObviousToTheEyeIsLinearInTheFeaturesOfAnAutoencoder() {
        Object[] call = {"probe", "--weights", out("mae").resolve("model"), "--data", twoClasses, "--knn", "5"};
        CommandRun run = CommandRun.of(call);
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("training features 24/24", "held-out features 8/8");
        assertThat(run.lines())
                .containsExactly(
                        "32 features; 24 training and 8 held-out samples of 2 classes",
                        "                          top-1",
                        "linear probe            100.0 %",
                        "5 nearest neighbours    100.0 %");
        assertThat(CommandRun.of(call).out()).isEqualTo(run.out());
    }

    @Test
    void aProbeOfAClassifierWritesItsReportAndShowsClassesWhereAsked() {
        CommandRun run = CommandRun.of(
                "probe",
                "--weights",
                out("tuned").resolve("model"),
                "--data",
                threeClasses,
                "--per-class",
                "--out",
                out("probed"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("20 nearest neighbours", "medium", "rows: true class");
        assertThat(out("probed").resolve("report.html")).content().contains("Linear probe", "nearest neighbours");
        JsonNode result = JsonMapper.shared()
                .readTree(out("probed").resolve("result.json").toFile());
        assertThat(result.get("linear").get("top1").asDouble()).isBetween(0.5, 1.0);
        assertThat(result.get("nearest").get("classes").size()).isEqualTo(3);
        assertFits(run);
    }

    @Test
    void trainingFromRandomWeightsSaysSoAndARecipeSuitsTheWeightsToStartFrom() throws IOException {
        Path nowhere = directory.resolve("nowhere-at-all");
        CommandRun random = CommandRun.of("finetune", "--data", nowhere, "--out", out("random"));
        assertThat(random.err())
                .contains(
                        "no --from: starts from random weights, a small model at 64 x 64 pixels", "--from hiera_base");
        assertThat(tuning.err()).contains("recipe: small-finetune with hiera_nano_64, which suits --from");
    }

    @Test
    void settingsAreExplained() {
        CommandRun run = CommandRun.of("recipe", "settings");
        assertThat(run.lines()).contains("learning_rate = 0.002", "layer_decay = 0.9 (pretraining: 1.0)");
        assertFits(run);
    }

    @Test
    void recipesAreListedAndShownInFull() {
        assertThat(CommandRun.of("recipe", "list").lines()).contains("in1k-mae", "k400-finetune", "small-mae");
        CommandRun shown = CommandRun.of("recipe", "show", "k400-finetune");
        assertThat(shown.lines()).contains("test_clips: 5", "test_crops: 3", "layer_decay: 0.8");
    }

    @ParameterizedTest
    @CsvSource({
        "in1k-mea, did you mean 'in1k-mae'?",
        "small-finetune, recipe 'small-finetune' is one for hiera finetune",
    })
    void aRecipeThatIsMistypedOrOfAnotherTaskIsRefused(String recipe, String message) {
        CommandRun run = CommandRun.of("pretrain", "--data", twoClasses, "--out", out("no"), "--recipe", recipe);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message).hasLineCount(1);
        assertThat(out("no")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "lerning_rate=1, did you mean 'learning_rate'?",
        "test_crops=2, 'test_crops must be 1 or 3, got 2'",
        "epochs, 'expected key=value, got ''epochs'''",
    })
    void aSettingThatIsMistypedIsRefused(String setting, String message) {
        CommandRun run = CommandRun.of("finetune", "--data", twoClasses, "--out", out("no"), "--set", setting);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evaluate", "probe"})
    void missingDataAndMissingHeldOutSamplesAreToldInOneLine(String command) throws IOException {
        Path weights = out("tuned").resolve("model");
        CommandRun missing = CommandRun.of(command, "--weights", weights, "--data", directory.resolve("nowhere"));
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err()).contains("nowhere: no such directory").hasLineCount(1);

        Path part = directory.resolve("part-" + command);
        for (String name : List.of("dark", "light")) {
            Path place = Files.createDirectories(part.resolve("train").resolve(name));
            Files.copy(twoClasses.resolve("val").resolve(name).resolve("0.png"), place.resolve("0.png"));
        }
        CommandRun none = CommandRun.of(command, "--weights", weights, "--data", part);
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("has no validation samples");
    }

    @Test
    void onlyAClassifierOfAsManyClassesIsEvaluated() {
        CommandRun headless = CommandRun.of("evaluate", "--weights", out("mae").resolve("model"), "--data", twoClasses);
        assertThat(headless.exitCode()).isEqualTo(1);
        assertThat(headless.err()).contains("has no head that names classes: measure its features with hiera probe");
        CommandRun other =
                CommandRun.of("evaluate", "--weights", out("tuned").resolve("model"), "--data", threeClasses);
        assertThat(other.err())
                .contains("the data has 3 classes, of which 'medium' is none of the model's", "names 2 classes");
    }

    @Test
    void aSubsetOfTheClassesIsEvaluatedAsSuch() throws IOException {
        Path part = directory.resolve("subset");
        Path place = Files.createDirectories(part.resolve("Light"));
        for (int i = 0; i < 4; i++) {
            Files.copy(twoClasses.resolve("val/light").resolve(i + ".png"), place.resolve(i + ".png"));
        }
        CommandRun run =
                CommandRun.of("evaluate", "--weights", out("tuned").resolve("model"), "--data", part, "--json");
        assertThat(run.err())
                .contains(
                        "4 samples of",
                        "all of it, because it has no val directory",
                        "classes are compared by name; the data has 1 of the model's 2 classes");
        JsonNode result = JsonMapper.shared().readTree(run.out());
        assertThat(result.get("samples").asInt()).isEqualTo(4);
        assertThat(result.get("modelClasses").asInt()).isEqualTo(2);
        assertThat(result.get("classes").get(0).get("name").asString()).isEqualTo("light");
        assertThat(result.get("classes").get(1).get("name").asString()).isEqualTo("(other)");
        int right = result.get("confusion").get(0).get(0).asInt();
        assertThat(right + result.get("confusion").get(0).get(1).asInt()).isEqualTo(4);
        assertThat(result.get("top1").asDouble()).isEqualTo(right / 4.0);
        assertThat(result.get("subset").asBoolean()).isTrue();
        assertThat(result.get("top1AmongSubset").asDouble()).isEqualTo(1); // one class only is left to be answered
        assertThat(CommandRun.of("evaluate", "--weights", out("tuned").resolve("model"), "--data", part)
                        .out())
                .contains("a subset of the model's 2 classes: where only these 1 may be answered, top-1 100.0 %");
    }

    /** The model's classes are in another order than the folders'. */
    @Test
    void classesAreComparedByName() {
        Path reports = Path.of("src/test/resources/reports/eval_names");
        Path weights = reports.resolve("model");
        CommandRun classified = CommandRun.of(
                "classify", reports.resolve("data/val/a/x.png"), "--weights", weights, "--json", "--top", "1");
        String label = JsonMapper.shared()
                .readTree(classified.out())
                .findValue("label")
                .asString();
        CommandRun run = CommandRun.of("evaluate", "--weights", weights, "--data", reports.resolve("data"), "--json");
        assertThat(run.exitCode()).isZero();
        JsonNode result = JsonMapper.shared().readTree(run.out());
        assertThat(result.get("samples").asInt()).isEqualTo(10);
        assertThat(label).matches("[a-j]");
        result.get("classes")
                .forEach(figures -> assertThat(figures.get("top1").asDouble())
                        .as(figures.get("name").asString())
                        .isEqualTo(figures.get("name").asString().equals(label) ? 1 : 0));
    }

    @Test
    void aFlatFolderOfImagesIsPretrainedOn() throws IOException {
        Path flat = Files.createDirectories(directory.resolve("flat/deep/er"));
        for (int i = 0; i < 12; i++) {
            Files.copy(twoClasses.resolve("train/dark").resolve(i + ".png"), flat.resolve(i + ".png"));
        }
        CommandRun run = run("pretrain", "--data", directory.resolve("flat"), "--out", out("flat-mae"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("11 training and 1 held-out samples", "held out: one file in 10");
        assertThat(out("flat-mae").resolve("model/model.safetensors")).isNotEmptyFile();
        assertFits(run);

        Path list = Files.writeString(directory.resolve("flat/files.txt"), "deep/er/0.png\n".repeat(9));
        CommandRun listed = run("pretrain", "--data", list, "--out", out("list-mae"));
        assertThat(listed.exitCode()).isZero();
        assertThat(listed.err()).contains("9 training and 0 held-out samples");
    }

    @Test
    void aConfusionFileWithoutADirectoryIsRefusedBeforeTheWork() {
        CommandRun run = CommandRun.of(
                "evaluate",
                "--weights",
                out("tuned").resolve("model"),
                "--data",
                twoClasses,
                "--confusion",
                directory.resolve("nowhere").resolve("c.csv"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("its directory does not exist").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pretrain", "finetune", "probe", "evaluate", "recipe", "quickstart"})
    void helpFitsEightyColumnsAndTellsDefaults(String command) {
        CommandRun run = CommandRun.of(command, "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(run.out()).doesNotContain("null", "${");
    }
}
