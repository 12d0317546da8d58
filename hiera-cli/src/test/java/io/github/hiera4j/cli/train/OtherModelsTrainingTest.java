package io.github.hiera4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.train.quickstart.RenderedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hiera pretrain} and {@code hiera finetune} of ViT and MViTv2, from files written by other libraries. */
class OtherModelsTrainingTest {
    @TempDir
    Path directory;

    private Path data() {
        Path root = directory.resolve("data");
        if (!Files.exists(root)) {
            RenderedData.pictures(root, 20, 10, 1);
        }
        return root;
    }

    private static Path weights(String name) {
        return TestFiles.checkpoint("baselines/" + name);
    }

    private CommandRun train(String command, Path out, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(command, "--data", data(), "--out", out));
        arguments.addAll(List.of("--set", "epochs=1", "--threads", 1, "-b", 10));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray());
    }

    private Path picture() throws IOException {
        try (Stream<Path> files = Files.walk(data().resolve("val"))) {
            return files.filter(file -> file.toString().endsWith(".jpg"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aVitOfTimmIsFineTunedAndThenNamesTheNewClasses() throws IOException {
        Path out = directory.resolve("run");
        CommandRun tuned = train("finetune", out, "--from", weights("timm_vit"));
        assertThat(tuned.exitCode()).as(tuned.err()).isZero();
        assertThat(tuned.err())
                .contains(
                        "recipe: small-finetune with vit_16x2x2_patch8_32, which suits --from",
                        "the head for 3 classes is replaced by one for 10");

        CommandRun named = CommandRun.of("classify", picture(), "--weights", out, "--threads", 1, "--json");
        assertThat(named.exitCode()).as(named.err()).isZero();
        CommandRun judged = CommandRun.of("evaluate", "--data", data(), "--weights", out, "--threads", 1);
        assertThat(judged.exitCode()).as(judged.err()).isZero();
        assertThat(judged.out()).contains("10 samples of 10 classes");
    }

    @Test
    void aMViTv2OfTimmIsFineTuned() {
        Path out = directory.resolve("run");
        CommandRun tuned = train("finetune", out, "--from", weights("timm_mvitv2_mlp"));
        assertThat(tuned.exitCode()).as(tuned.err()).isZero();
        assertThat(tuned.err()).contains("mvitv2_8x1_1-2-1_32_mlp, which suits --from");
        assertThat(CommandRun.of("inspect", out).out()).contains("MViTv2");
    }

    @Test
    void anAutoencoderOfVitIsPretrainedFineTunedAndContinued() {
        Path mae = directory.resolve("mae");
        CommandRun pretrained = train("pretrain", mae, "--set", "model=vit_16x2x2_patch8_64");
        assertThat(pretrained.exitCode()).as(pretrained.err()).isZero();

        Path out = directory.resolve("run");
        CommandRun tuned = train("finetune", out, "--from", mae);
        assertThat(tuned.exitCode()).as(tuned.err()).isZero();
        assertThat(tuned.err()).contains("vit_16x2x2_patch8_64_mean", "initialised randomly: fc_norm, head");
        CommandRun longer = CommandRun.of("finetune", "--resume", out, "--set", "epochs=2", "--threads", 1);
        assertThat(longer.exitCode()).as(longer.err()).isZero();
    }

    @Test
    void whatAModelHasNotIsAWrongCall() {
        CommandRun rung = train("finetune", directory.resolve("run"), "--set", "model=mvitv2_tiny", "--set", "rung=c");
        assertThat(rung.exitCode()).isEqualTo(2);
        assertThat(rung.err()).contains("mvitv2_tiny is not on the ladder").hasLineCount(1);
        CommandRun detector = CommandRun.of(
                "detect-train",
                "--data",
                data(),
                "--out",
                directory.resolve("d"),
                "--set",
                "model=vit_base_patch16_224");
        assertThat(detector.exitCode()).isNotZero();
        assertThat(detector.err()).contains("needs a Hiera");
    }
}
