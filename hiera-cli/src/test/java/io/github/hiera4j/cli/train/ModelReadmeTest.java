package io.github.hiera4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands and the Python code in the README.md of a trained model's directory work. */
class ModelReadmeTest {
    private static final Pattern PYTHON = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);
    private static final Path PICTURE = TestFiles.resource("/media/portrait.png");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"finetune", "pretrain"})
    void itsConversionsWork(String command) throws IOException {
        convertAsItSays(train(command));

        for (String target : List.of("timm-model", "transformers-model")) {
            assertThat(directory.resolve(target).resolve("model.safetensors")).isNotEmptyFile();
            assertThat(directory.resolve(target).resolve("config.json")).isNotEmptyFile();
        }
        assertThat(directory.resolve("transformers-model/preprocessor_config.json"))
                .isNotEmptyFile();
    }

    /** Requires a Python with timm, transformers and Pillow: {@code -Dpython=/path/to/python}. */
    @Test
    @Tag("slow")
    void itsPythonCodeOpensTheModel() throws Exception {
        String python = System.getProperty("python", "python3");
        assumeTrue(succeeds(python, "import timm, transformers, PIL"), "needs a Python with timm and transformers");
        String readme = train("finetune");
        convertAsItSays(readme);

        String script = "import timm, transformers\nfrom PIL import Image\n"
                + readme.lines()
                        .filter(line -> line.matches("(timm|transformers)\\..*"))
                        .reduce("results = []\n", (all, line) -> all + "results.append(" + line + ")\n")
                + "pixels = results[2](Image.open('" + PICTURE + "').convert('RGB'), return_tensors='pt')\n"
                + "print(results[1](**pixels).logits.shape[1], results[0](pixels['pixel_values']).shape[1])\n";

        assertThat(PYTHON.matcher(readme).find()).isTrue();
        assertThat(said(python, script)).endsWith("2 2\n");
    }

    /** Trains the smallest model on two images of each class, and returns its README. */
    private String train(String command) throws IOException {
        for (String name : List.of("cat", "dog")) {
            Path place = Files.createDirectories(directory.resolve("data").resolve(name));
            for (int i = 0; i < 2; i++) {
                Files.copy(PICTURE, place.resolve(i + ".png"));
            }
        }
        CommandRun run = CommandRun.of(
                command,
                "--data",
                directory.resolve("data"),
                "--out",
                directory.resolve("run"),
                "--model",
                "hiera_nano_64",
                "--batch",
                "2",
                "--set",
                "epochs=1",
                "--set",
                "warmup_epochs=0");
        assertThat(run.exitCode()).as(run.err()).isZero();
        return Files.readString(directory.resolve("run/model/README.md"));
    }

    private void convertAsItSays(String readme) {
        List<String> conversions =
                readme.lines().filter(line -> line.startsWith("hiera convert ")).toList();
        assertThat(conversions).hasSize(2);
        for (String line : conversions) {
            List<String> words = List.of(line.split(" "));
            Object[] arguments = words.subList(1, words.size()).stream()
                    .map(word -> switch (word) {
                        case "THIS_DIRECTORY" -> directory.resolve("run/model");
                        case "timm-model", "transformers-model" -> directory.resolve(word);
                        default -> word;
                    })
                    .toArray();
            CommandRun run = CommandRun.of(arguments);
            assertThat(run.exitCode()).as(run.err()).isZero();
        }
    }

    private boolean succeeds(String python, String script) throws InterruptedException {
        try {
            return new ProcessBuilder(python, "-c", script).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private String said(String python, String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(python, "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
