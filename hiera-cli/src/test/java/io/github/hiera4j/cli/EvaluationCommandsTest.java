package io.github.hiera4j.cli;

import static io.github.hiera4j.cli.SmallTraining.assertFits;
import static io.github.hiera4j.cli.SmallTraining.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Evaluating and probing the smallest model on two dozen pictures. */
class EvaluationCommandsTest {
    @TempDir
    private static Path directory;

    private static SmallTraining small;

    @BeforeAll
    static void train() throws IOException {
        small = new SmallTraining(directory);
    }

    private static Path out(String name) {
        return small.out(name);
    }

    @Test
    void evaluationPrintsClassesAndMatrixAndWritesWhatIsAskedFor() throws IOException {
        Path csv = directory.resolve("confusion.csv");
        CommandRun run = CommandRun.of(
                "evaluate",
                "--weights",
                out("tuned").resolve("model"),
                "--data",
                small.twoClasses,
                "--out",
                out("evaluated"),
                "--confusion",
                csv);
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("manifest.json", "evaluating 8/8", "report: ");
        assertThat(run.lines().get(0)).startsWith("8 samples of 2 classes: top-1 ");
        assertThat(run.lines().get(2)).isEqualTo("class  accuracy  samples");
        assertThat(run.out()).contains("rows: true class, columns: predicted class");
        assertFits(run);
        assertThat(Files.readString(csv)).startsWith("true class,dark,light\r\ndark,");
        assertThat(Files.readString(out("evaluated").resolve("report.html")))
                .contains("Confusion matrix", "<span>evaluate</span>", "data:image/png;base64")
                .doesNotContain("http://", "https://");

        JsonNode result = JsonMapper.shared()
                .readTree(out("evaluated").resolve("result.json").toFile());
        assertThat(result.get("samples").asInt()).isEqualTo(8);
        int right = result.get("confusion").get(0).get(0).asInt()
                + result.get("confusion").get(1).get(1).asInt();
        assertThat(result.get("top1").asDouble()).isEqualTo(right / 8.0);
        assertThat(run.lines().get(0))
                .contains(String.format(java.util.Locale.ROOT, "top-1 %.1f %%", 100 * right / 8.0));
    }

    @Test
    void jsonIsOneLineOnStandardOutputAndTheSameEveryTime() {
        Object[] call = {"evaluate", "--weights", out("tuned").resolve("best"), "--data", small.twoClasses, "--json"};
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
        Object[] call = {"probe", "--weights", out("mae").resolve("model"), "--data", small.twoClasses, "--knn", "5"};
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
                small.threeClasses,
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
            Files.copy(small.twoClasses.resolve("val").resolve(name).resolve("0.png"), place.resolve("0.png"));
        }
        CommandRun none = CommandRun.of(command, "--weights", weights, "--data", part);
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("has no validation samples");
    }

    @Test
    void onlyAClassifierOfAsManyClassesIsEvaluated() {
        CommandRun headless =
                CommandRun.of("evaluate", "--weights", out("mae").resolve("model"), "--data", small.twoClasses);
        assertThat(headless.exitCode()).isEqualTo(1);
        assertThat(headless.err()).contains("has no classification head: measure its features with hiera probe");
        CommandRun other =
                CommandRun.of("evaluate", "--weights", out("tuned").resolve("model"), "--data", small.threeClasses);
        assertThat(other.err())
                .contains("the data has 3 classes, but 'medium' is not a class of the model", "names 2 classes");
    }

    @Test
    void aSubsetOfTheClassesIsEvaluatedAsSuch() throws IOException {
        Path part = directory.resolve("subset");
        Path place = Files.createDirectories(part.resolve("Light"));
        for (int i = 0; i < 4; i++) {
            Files.copy(small.twoClasses.resolve("val/light").resolve(i + ".png"), place.resolve(i + ".png"));
        }
        CommandRun run =
                CommandRun.of("evaluate", "--weights", out("tuned").resolve("model"), "--data", part, "--json");
        assertThat(run.err())
                .contains(
                        "4 samples of",
                        "the whole directory, because it has no val directory",
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
        assertThat(result.get("top1AmongSubset").asDouble()).isEqualTo(1); // only one class is left as an answer
        assertThat(CommandRun.of("evaluate", "--weights", out("tuned").resolve("model"), "--data", part)
                        .out())
                .contains("a subset of the model's 2 classes: with answers restricted to these 1, top-1 100.0 %");
    }

    /** The model's classes are in a different order from the folders. */
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
    void aConfusionFileWithoutADirectoryIsRefusedBeforeTheWork() {
        CommandRun run = CommandRun.of(
                "evaluate",
                "--weights",
                out("tuned").resolve("model"),
                "--data",
                small.twoClasses,
                "--confusion",
                directory.resolve("nowhere").resolve("c.csv"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("the parent directory does not exist").hasLineCount(1);
    }
}
