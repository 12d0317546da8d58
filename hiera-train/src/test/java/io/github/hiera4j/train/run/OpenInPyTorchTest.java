package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.torch.TorchBackend;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model trained here gives the same results in PyTorch, in an independently written network. */
class OpenInPyTorchTest {
    private static final Path SCRIPT = Path.of("..", "docs", "examples", "open_in_pytorch.py");

    @TempDir
    Path directory;

    @Test
    @Tag("slow")
    void aTrainedModelHasTheSameScoresInPyTorch() throws Exception {
        Optional<String> python = python();
        assumeTrue(python.isPresent(), "needs a python3 with torch and numpy; HIERA_TEST_PYTHON may name it");
        Path model = directory.resolve("model.pth");
        HostTensor pixels = FormulaWeights.tensor("input", Shape.of(2, 3, 224, 224));
        float[] expected;
        train();
        try (Checkpoint trained = Checkpoint.open(directory.resolve("model"))) {
            CheckpointWriter.inStyle(KeyStyle.OFFICIAL).write(model, trained.config(), trained.weights());
            expected = scores(trained, pixels);
        }

        float[] scores = scoresOfPyTorch(python.orElseThrow(), model, pixels);

        assertThat(scores).hasSameSizeAs(expected);
        assertThat(relativeError(scores, expected)).isLessThan(1e-5);
    }

    private void train() {
        Recipe recipe = Recipes.named("small-finetune")
                .with("model", "hiera_tiny_224")
                .with("epochs", "1")
                .with("batch_size", "2")
                .with("learning_rate", "0.1");
        ClassifyObjective objective =
                new ClassifyObjective(recipe.model(), recipe.augmentation().mixing(), 2);
        try (TrainingRun run = new TrainingRun(
                recipe,
                TinyData.of(4),
                objective,
                Initialization.of(objective.config(), 1),
                RunDirectory.open(directory),
                Progress.SILENT,
                new StopSignal())) {
            assertThat(run.run().complete()).isTrue();
        }
    }

    private static float[] scores(Checkpoint checkpoint, HostTensor pixels) {
        Graph graph = checkpoint.config().inferenceGraph().select(Hiera.LOGITS);
        try (Session session = new TorchBackend().compile(graph, checkpoint.weights(), CompileOptions.DEFAULT)) {
            Map<String, HostTensor> outputs = session.run(Map.of(HieraEncoder.INPUT, pixels));
            return Objects.requireNonNull(outputs.get(Hiera.LOGITS)).toFloats();
        }
    }

    private float[] scoresOfPyTorch(String python, Path model, HostTensor pixels) throws Exception {
        Path input = directory.resolve("pixels");
        Path output = directory.resolve("scores");
        float[] values = pixels.toFloats();
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        Files.write(input, bytes.array());
        Process process = new ProcessBuilder(
                        python, SCRIPT.toString(), model.toString(), input.toString(), output.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        float[] scores = new float[(int) Files.size(output) / 4];
        ByteBuffer.wrap(Files.readAllBytes(output))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(scores);
        return scores;
    }

    private static double relativeError(float[] actual, float[] expected) {
        double squares = 0;
        double differences = 0;
        for (int i = 0; i < expected.length; i++) {
            squares += (double) expected[i] * expected[i];
            differences += Math.pow((double) actual[i] - expected[i], 2);
        }
        return Math.sqrt(differences / squares);
    }

    private static Optional<String> python() throws IOException, InterruptedException {
        String named = Objects.requireNonNullElse(System.getenv("HIERA_TEST_PYTHON"), "python3");
        for (String candidate : List.of(named, "/usr/bin/python3")) {
            try {
                Process process = new ProcessBuilder(candidate, "-c", "import torch, numpy").start();
                if (process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) {
                    return Optional.of(candidate);
                }
            } catch (IOException missing) {
                assertThat(missing).hasMessageContaining(candidate);
            }
        }
        return Optional.empty();
    }
}
