package io.github.hiera4j.cli.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardsCommandTest {
    @TempDir
    private Path directory;

    private Path data() throws IOException {
        for (int i = 0; i < 12; i++) {
            String part = i < 8 ? "train" : "val";
            Path target = directory.resolve("data/" + part + "/class" + i % 2 + "/" + i + ".png");
            Files.createDirectories(target.getParent());
            BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
            picture.setRGB(i, i, i % 2 == 0 ? 0xff0000 : 0x0000ff);
            ImageIO.write(picture, "png", target.toFile());
        }
        return directory.resolve("data");
    }

    @Test
    void aModelIsTrainedAndEvaluatedOnShardsAsOnTheirFiles() throws IOException {
        Path shards = directory.resolve("shards");
        CommandRun written = CommandRun.of("shards", "--data", data(), "--out", shards, "--samples", 3);
        assertThat(written.exitCode()).as(written.err()).isZero();
        assertThat(written.err()).contains("5 shards, 12 samples");
        assertThat(shards.resolve("classes.txt")).hasContent("class0\nclass1");

        Path run = directory.resolve("run");
        CommandRun trained = CommandRun.of(
                "finetune",
                "--recipe",
                "small-finetune",
                "--data",
                shards,
                "--out",
                run,
                "--set",
                "model=hiera_nano_64",
                "--set",
                "epochs=1",
                "--set",
                "batch_size=4",
                "--set",
                "shuffle_buffer=4",
                "--set",
                "threads=1");
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        CommandRun onShards = CommandRun.of("evaluate", "--data", shards, "--weights", run.resolve("model"), "--json");
        CommandRun onFiles = CommandRun.of(
                "evaluate", "--data", directory.resolve("data"), "--weights", run.resolve("model"), "--json");
        assertThat(onShards.exitCode()).as(onShards.err()).isZero();
        assertThat(figures(onShards)).isEqualTo(figures(onFiles));
    }

    private static String figures(CommandRun run) {
        return run.out().substring(run.out().indexOf("\"samples\""));
    }

    @Test
    void aFileThatIsNoPictureIsNamedAndLeftOut() throws IOException {
        Path data = data();
        Files.writeString(data.resolve("train/class0/broken.jpg"), "no picture");
        CommandRun written = CommandRun.of("shards", "--data", data, "--out", directory.resolve("shards"));
        assertThat(written.exitCode()).isEqualTo(1);
        assertThat(written.err())
                .contains("broken.jpg: neither an image nor a video")
                .contains("left out: 1");
        CommandRun again = CommandRun.of("shards", "--data", data, "--out", directory.resolve("shards"));
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("already contains tar files");
    }
}
