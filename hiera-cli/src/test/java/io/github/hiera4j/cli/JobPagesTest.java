package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.testing.TestFiles;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands in docs/jobs, run unchanged by bash on small images. Instead of running {@code hiera fetch}, the test places small
 * weights where the command would store those of the same name.
 */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS) // the pages are for bash
class JobPagesTest {
    private static final Path PAGES = Path.of("..", "docs", "jobs");
    private static final Pattern BASH = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);
    private static final Path WEIGHTS = Path.of("home/weights/hiera_base_224.pth");

    @TempDir
    Path directory;

    @BeforeEach
    void prepare() throws IOException {
        Path command = Files.createDirectories(directory.resolve("bin")).resolve("hiera");
        Files.writeString(command, """
                #!/bin/bash
                if [ "$1" = fetch ]; then exec test -f "$HIERA_HOME/weights/$2.pth"; fi
                exec "$JAVA" -Xmx2g -Djava.awt.headless=true -cp "$CLASS_PATH" io.github.hiera4j.cli.Main "$@"
                """);
        assertThat(command.toFile().setExecutable(true)).isTrue();
        Files.createDirectories(directory.resolve("home/weights"));
        Files.copy(TestFiles.checkpoint("nano_official.pth"), directory.resolve(WEIGHTS));
        Files.createDirectory(directory.resolve("runs"));
    }

    @Test
    void photosAreClassified() throws IOException, InterruptedException {
        pictures("photos", "cat", "dog");
        run("classify-photos.md");
        assertThat(directory.resolve("classes.csv"))
                .content()
                .startsWith("file,rank,index,label,probability\nphotos/cat/0.png,1,")
                .hasLineCount(1 + 5 * 40);
    }

    @Test
    void photosAreEmbeddedIntoOneFile() throws IOException, InterruptedException {
        pictures("photos", "cat", "dog");
        assertThat(run("embed-images.md")).contains("vectors.npz: 40 vectors of ");
        assertThat(directory.resolve("vectors.npz")).isNotEmptyFile();
    }

    @Test
    void aCheckpointIsEvaluatedOnAWholeFolder() throws IOException, InterruptedException {
        Path weights = directory.resolve(WEIGHTS);
        Files.delete(weights);
        assertThat(CommandRun.of("convert", "formula:hiera_tiny_224", weights).exitCode())
                .isZero();
        pictures("val", "n02099601", "n02123045");
        assertThat(run("evaluate.md")).contains("40 samples of val", "golden retriever", "report: result/report.html");
        assertThat(directory.resolve("result/report.html")).isNotEmptyFile();
        assertThat(directory.resolve("result/result.json")).isNotEmptyFile();
    }

    @Test
    void aModelIsFineTunedAndUsedAndItsRunResumed() throws IOException, InterruptedException {
        pictures("photos", "cat", "dog");
        Files.copy(directory.resolve("photos/cat/0.png"), directory.resolve("new.jpg"));
        trainSmallWeights();
        String output = run("fine-tune.md");
        assertThat(output).containsPattern("\\d %  (cat|dog)\n");
        for (String file : List.of("report.html", "manifest.json", "best/model.safetensors", "model/README.md")) {
            assertThat(directory.resolve("runs/a").resolve(file)).isNotEmptyFile();
        }
        byte[] report = Files.readAllBytes(directory.resolve("runs/a/report.html"));
        assertThat(run("resume-a-run.md")).contains("complete");
        assertThat(directory.resolve("runs/a/report.html")).hasBinaryContent(report);
    }

    /** The recipe on the page follows from the weights, and a published model would take minutes. */
    private void trainSmallWeights() throws IOException {
        Path run = directory.resolve("small");
        CommandRun training = CommandRun.of(
                "finetune",
                "--data",
                directory.resolve("photos"),
                "--out",
                run,
                "--dtype",
                "float32",
                "--set",
                "epochs=1");
        assertThat(training.exitCode()).as(training.err()).isZero();
        Files.delete(directory.resolve(WEIGHTS));
        assertThat(CommandRun.of("convert", run, directory.resolve(WEIGHTS)).exitCode())
                .isZero();
    }

    @Test
    void twoRunsAreCompared() throws IOException, InterruptedException {
        pictures("pictures", "cat", "dog");
        assertThat(run("compare-runs.md")).contains("best top-1", "samples/s", "learning_rate");
        assertThat(directory.resolve("runs/compare.html")).isNotEmptyFile();
    }

    @Test
    void everyPageWithCommandsIsAmongThese() throws IOException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            assertThat(pages.filter(page -> !commands(page).isEmpty())
                            .map(page -> page.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "classify-photos.md",
                            "embed-images.md",
                            "evaluate.md",
                            "fine-tune.md",
                            "resume-a-run.md",
                            "compare-runs.md");
        }
    }

    /** Runs all commands of a page up to the first failure, and returns their output. */
    private String run(String page) throws IOException, InterruptedException {
        String commands = commands(PAGES.resolve(page));
        assertThat(commands).contains("hiera ");
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-c", commands)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("PATH", directory.resolve("bin") + File.pathSeparator + environment.get("PATH"));
        environment.put("HIERA_HOME", directory.resolve("home").toString());
        environment.put(
                "JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        environment.put("CLASS_PATH", classPath());
        int exitCode = builder.start().waitFor();
        String printed = Files.readString(output);
        assertThat(exitCode).as(printed).isZero();
        return printed;
    }

    /** Returns the class path with absolute paths, because the commands run in another directory. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String commands(Path page) {
        try {
            return BASH.matcher(Files.readString(page))
                    .results()
                    .map((MatchResult block) -> block.group(1))
                    .collect(Collectors.joining());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Draws twenty images per class: discs in one class, squares in the other, each in a different colour. */
    private void pictures(String name, String... classes) throws IOException {
        for (int label = 0; label < classes.length; label++) {
            Path folder = Files.createDirectories(directory.resolve(name).resolve(classes[label]));
            for (int i = 0; i < 20; i++) {
                BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
                Graphics2D graphics = image.createGraphics();
                graphics.setColor(label == 0 ? Color.ORANGE : Color.CYAN);
                if (label == 0) {
                    graphics.fillOval(i / 2, 8, 40, 40);
                } else {
                    graphics.fillRect(8, i / 2, 40, 40);
                }
                graphics.dispose();
                ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
            }
        }
        assertThat(Objects.requireNonNull(directory.resolve(name).toFile().list()))
                .hasSize(classes.length);
    }
}
