package io.github.hiera4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.cli.Main;
import io.github.hiera4j.cli.process.ChildProcess;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training stopped from a terminal, with the whole program in a separate process. */
class StoppedTrainingTest {
    @TempDir
    Path directory;

    @BeforeEach
    void drawPictures() throws IOException {
        Random random = new Random(1);
        for (String name : List.of("cat", "dog")) {
            Path pictures = Files.createDirectories(directory.resolve("data").resolve(name));
            for (int i = 0; i < 20; i++) {
                BufferedImage noise = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
                for (int pixel = 0; pixel < 64 * 64; pixel++) {
                    noise.setRGB(pixel % 64, pixel / 64, random.nextInt());
                }
                ImageIO.write(noise, "png", pictures.resolve(i + ".png").toFile());
            }
        }
    }

    @Test
    @Tag("slow")
    void ctrlCSavesAndSaysHowToGoOnAndTheResumedRunEndsWithTheSameBits() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs /bin/sh to send a signal");
        Process stopped = ChildProcess.start(directory, Main.class, arguments("stopped"));
        List<String> said = new ArrayList<>();
        try (BufferedReader out = stopped.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
                if (line.startsWith("10/")) {
                    ChildProcess.signal(stopped, "INT");
                }
            }
        }
        assertThat(stopped.waitFor()).as(String.join("\n", said)).isEqualTo(130);
        assertThat(said).anyMatch(line -> line.startsWith("saved "));
        assertThat(said.get(said.size() - 1)).contains("rerun with --resume to continue");
        assertThat(directory.resolve("stopped/model")).doesNotExist();

        CommandRun again = CommandRun.of(arguments("stopped"));
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("holds an earlier run; add --resume");
        CommandRun resumed = CommandRun.of("finetune", "--resume", directory.resolve("stopped"));
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        CommandRun whole = CommandRun.of(arguments("whole"));
        assertThat(whole.exitCode()).as(whole.err()).isZero();

        assertThat(directory.resolve("stopped/model/model.safetensors"))
                .hasSameBinaryContentAs(directory.resolve("whole/model/model.safetensors"));
    }

    /** Slow, because rendering alone exceeds the time limit of a default test. */
    @Test
    @Tag("slow")
    void ctrlCStopsTheQuickstartAndSaysThatTheSameCommandStartsAgain() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs /bin/sh to send a signal");
        Process quickstart = ChildProcess.start(directory, Main.class, "quickstart", "--out", "quick");
        List<String> said = new ArrayList<>();
        try (BufferedReader out = quickstart.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
                if (line.startsWith("10/")) {
                    ChildProcess.signal(quickstart, "INT");
                }
            }
        }
        assertThat(quickstart.waitFor()).as(String.join("\n", said)).isEqualTo(130);
        assertThat(said.get(said.size() - 1)).contains("stopped; the same command starts again");
        assertThat(directory.resolve("quick/report.html")).doesNotExist();
        assertThat(directory.resolve("quick/data/pictures/train")).isNotEmptyDirectory();
    }

    private Object[] arguments(String run) {
        List<Object> arguments = new ArrayList<>(List.of("finetune", "--data", directory.resolve("data")));
        arguments.addAll(List.of("--out", directory.resolve(run)));
        for (String setting : List.of(
                "model=hiera_nano_64",
                "epochs=12",
                "batch_size=2",
                "threads=1",
                "average_decay=0.9",
                "warmup_epochs=1")) {
            arguments.addAll(List.of("--set", setting));
        }
        return arguments.toArray();
    }
}
