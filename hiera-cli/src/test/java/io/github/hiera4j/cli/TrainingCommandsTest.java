package io.github.hiera4j.cli;

import static io.github.hiera4j.cli.SmallTraining.assertFits;
import static io.github.hiera4j.cli.SmallTraining.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.ProcessorPrecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pretraining and fine-tuning the smallest model on two dozen images, and continuing the training. */
class TrainingCommandsTest {
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
    void pretrainingLeavesModelManifestMetricsAndReport() {
        assertThat(small.pretraining.exitCode()).isZero();
        assertThat(small.pretraining.err())
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
        assertFits(small.pretraining);
    }

    @Test
    void aRecipeThatNobodyNamedTrainsInAPrecisionThatTheProcessorComputes() throws IOException {
        Recipe recipe = Recipes.named("small-mae");
        boolean emulated = ProcessorPrecision.isEmulated(recipe.run());

        assertThat(Files.readString(out("mae").resolve("manifest.json")))
                .contains("\"precision\" : \"" + (emulated ? "float32" : "bfloat16") + "\"");
        assertThat(small.pretraining.err().contains("this processor emulates bfloat16"))
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
        assertThat(tuned.contains("Where the model attended in wrong predictions"))
                .isEqualTo(tuned.contains("Wrong predictions ("));
        assertThat(tuned).doesNotContain("Not available");
    }

    @Test
    void finetuningBeginsWithTheAutoencodersWeightsAndANewHead() throws IOException {
        assertThat(small.tuning.exitCode()).isZero();
        assertThat(small.tuning.err()).contains("initialised randomly: norm, head.projection", "top1 ");
        assertFits(small.tuning);
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
        assertThat(nothing.err()).contains("contains no run to resume").hasLineCount(1);
        assertThat(directory.resolve("nothing")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"quickstart", "quickstart --task detect", "quickstart --task actions", "finetune --data %s"})
    void aMissingDeviceIsReportedBeforeAnythingIsWritten(String call) {
        Path out = directory.resolve("on-a-gpu");
        List<String> words =
                new ArrayList<>(List.of(String.format(call, small.twoClasses).split(" ")));
        words.addAll(List.of("--device", "cuda:99", "--out", out.toString()));
        CommandRun refused = CommandRun.of(words.toArray());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err().strip().lines().toList()).last().asString().contains("device 'cuda:99' ");
        assertThat(out).doesNotExist();
    }

    @Test
    void aRunIsTrainedLongerByRaisingItsEpochs() throws IOException {
        assertThat(run("pretrain", "--data", small.twoClasses, "--out", out("longer"))
                        .exitCode())
                .isZero();
        CommandRun longer = CommandRun.of("pretrain", "--resume", out("longer"), "--set", "epochs=3");
        assertThat(longer.exitCode()).as(longer.err()).isZero();
        assertThat(longer.err()).contains("epochs 2 to 3", "resumes after step 6 of 9", "9/9  epoch 3");
        CommandRun other =
                CommandRun.of("pretrain", "--resume", out("longer"), "--data", small.threeClasses, "--set", "epochs=4");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("was trained on other data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--out", "--data"})
    void theDataAndTheDirectoryAreNeeded(String given) {
        CommandRun run = CommandRun.of("pretrain", given, small.twoClasses);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Missing required option: '").hasLineCount(1);
    }

    @Test
    void finetuningOnOtherClassesSaysThatTheHeadIsReplaced() {
        CommandRun run = run(
                "finetune",
                "--data",
                small.threeClasses,
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
                small.twoClasses,
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
        CommandRun evaluated = CommandRun.of(
                "evaluate", "--weights", out("larger").resolve("model"), "--data", small.twoClasses, "--json");
        assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
        CommandRun inspected = CommandRun.of("inspect", out("larger").resolve("model"), "--json");
        assertThat(inspected.out()).contains("[80,64]");
    }

    @Test
    void trainingFromRandomWeightsSaysSoAndARecipeSuitsTheWeightsToStartFrom() throws IOException {
        Path nowhere = directory.resolve("nowhere-at-all");
        CommandRun random = CommandRun.of("finetune", "--data", nowhere, "--out", out("random"));
        assertThat(random.err())
                .contains(
                        "no --from: starting from random weights, with a small model at 64 x 64 pixels",
                        "--from hiera_base");
        assertThat(small.tuning.err()).contains("recipe: small-finetune with hiera_nano_64, which suits --from");
    }

    @Test
    void aFlatFolderOfImagesIsPretrainedOn() throws IOException {
        Path flat = Files.createDirectories(directory.resolve("flat/deep/er"));
        for (int i = 0; i < 12; i++) {
            Files.copy(small.twoClasses.resolve("train/dark").resolve(i + ".png"), flat.resolve(i + ".png"));
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
}
