package io.github.hiera4j.cli.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.Main;
import io.github.hiera4j.cli.process.ChildProcess;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchCommandTest {
    private static final long SIGNAL = 128;

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    @Test
    @Tag("slow")
    void aProcessThatIsKilledEndsAll() throws Exception {
        Process launcher = launch();
        List<ProcessHandle> children = awaitCheckpoint(launcher);
        children.get(0).destroyForcibly();
        String output = end(launcher, 1);
        assertThat(output)
                .containsPattern("hiera: rank [01] was ended by signal 9; .* rerun with --resume to continue");
        assertThat(output).contains("another process ended").doesNotContain("Gloo");
        assertThat(children).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    @Tag("slow")
    void aSignalIsHandedOnAndAllSave() throws Exception {
        Process launcher = launch();
        List<ProcessHandle> children = awaitCheckpoint(launcher);
        ChildProcess.signal(launcher, "TERM");
        String output = end(launcher, (int) SIGNAL + 15);
        assertThat(output).contains("[0] saved ").contains("rerun with --resume to continue");
        assertThat(children).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    @Tag("slow")
    void processesDoNotOutliveTheirLauncher() throws Exception {
        Process launcher = launch();
        List<ProcessHandle> children = awaitCheckpoint(launcher);
        launcher.destroyForcibly();
        for (ProcessHandle child : children) {
            child.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    private Process launch() throws IOException {
        Path pictures = Files.createDirectories(directory.resolve("pictures"));
        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
            picture.setRGB(i, i, random.nextInt(1 << 24));
            ImageIO.write(picture, "png", pictures.resolve(i + ".png").toFile());
        }
        String line = "launch --processes 2 -- pretrain --data pictures --out run --set model=hiera_nano_64"
                + " --set precision=float32 --set batch_size=2 --set epochs=100000 --set checkpoint_steps=2";
        Process process = ChildProcess.start(directory, Main.class, (Object[]) line.split(" "));
        started.add(process);
        return process;
    }

    private List<ProcessHandle> awaitCheckpoint(Process launcher) throws Exception {
        Path checkpoints = directory.resolve("run").resolve("checkpoints");
        while (launcher.isAlive() && !isTraining(checkpoints)) {
            Thread.sleep(20);
        }
        List<ProcessHandle> children = launcher.children().toList();
        assertThat(children).hasSize(2);
        return children;
    }

    private static boolean isTraining(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) {
            return false;
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.endsWith(".safetensors") && !name.startsWith("step-000000000"));
        }
    }

    private static String end(Process process, int code) throws Exception {
        StringBuilder output = new StringBuilder();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(line -> output.append(line).append('\n'));
        }
        assertThat(process.waitFor()).as(output.toString()).isEqualTo(code);
        return output.toString();
    }
}
