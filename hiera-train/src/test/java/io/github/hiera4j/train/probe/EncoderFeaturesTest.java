package io.github.hiera4j.train.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.optimize.Randomness;
import io.github.hiera4j.train.recipe.Models;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderFeaturesTest {
    private static final Recipe RECIPE =
            Recipes.named("small-finetune").with("precision", "float32").with("batch_size", "3");

    @TempDir
    private Path directory;

    /** Pictures of noise. One of them cannot be read. */
    private record Noise(int size, int damaged) implements SampleSource {
        @Override
        public int label(int index) {
            return index % 2;
        }

        @Override
        public String name(int index) {
            return "noise " + index;
        }

        @Override
        public List<Rgb8Image> read(int index, ClipChoice clip) {
            if (index == damaged) {
                throw new HieraException(name(index) + ": damaged");
            }
            byte[] rgb = new byte[3 * 64 * 64];
            Randomness.of(index).nextBytes(rgb);
            return List.of(Rgb8Image.wrap(64, 64, rgb));
        }
    }

    private Checkpoint checkpoint(ModelConfig config) {
        new CheckpointWriter(KeyStyle.OFFICIAL, Optional.empty(), List.of(), Optional.empty())
                .write(directory.resolve("weights"), config, Initialization.of(config, 1));
        return Checkpoint.open(directory.resolve("weights"));
    }

    @Test
    void ofAClassifierTheyAreWhatItsHeadSees() {
        Noise noise = new Noise(4, -1);
        try (Checkpoint checkpoint = checkpoint(Models.encoder("hiera_nano_64"));
                EncoderFeatures encoder = new EncoderFeatures(
                        checkpoint, RECIPE.data(), RECIPE.run().compileOptions(), Progress.SILENT);
                Session session = Backends.named("reference")
                        .compile(
                                checkpoint.config().encoder().inferenceGraph(),
                                checkpoint.weights(),
                                CompileOptions.DEFAULT.withDtype(DType.FLOAT64))) {
            Features features = encoder.of(noise, "features");
            assertThat(features.labels()).containsExactly(0, 1, 0, 1);
            for (int i = 0; i < 4; i++) {
                HostTensor pixels = HostTensor.allocate(DType.FLOAT32, Shape.of(1, 3, 64, 64));
                io.github.hiera4j.train.evaluate.BatchPlans.testTransform(
                                RECIPE.data(), checkpoint.config().encoder())
                        .write(
                                noise.read(i, duration -> new io.github.hiera4j.media.video.Clip(0, 1, 1)),
                                pixels.floats(),
                                0,
                                Randomness.of(0));
                HostTensor expected =
                        Objects.requireNonNull(session.run(Map.of(HieraEncoder.INPUT, pixels), List.of(Hiera.EMBEDDING))
                                .get(Hiera.EMBEDDING));
                for (int k = 0; k < features.width(); k++) {
                    assertThat((double) features.rows()[i][k]).isCloseTo(expected.get(k), within(1e-5));
                }
            }
        }
    }

    @Test
    void anAutoencodersAreOfItsEncoderAndDamagedFilesAreLeftOutAndTold() {
        List<String> notes = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void note(String line) {
                notes.add(line);
            }
        };
        try (Checkpoint checkpoint = checkpoint(Models.autoencoder("hiera_nano_64", 0));
                EncoderFeatures encoder = new EncoderFeatures(
                        checkpoint, RECIPE.data(), RECIPE.run().compileOptions(), progress)) {
            Features features = encoder.of(new Noise(5, 2), "features");
            assertThat(features.samples()).containsExactly(0, 1, 3, 4);
            assertThat(features.labels()).containsExactly(0, 1, 1, 0);
            assertThat(features.width()).isEqualTo(32);
            assertThat(notes).singleElement().asString().startsWith("1 damaged files were left out: noise 2: damaged");
            // The replacement of the damaged sample was averaged with its own view, which is identical.
            Features whole = encoder.of(new Noise(5, -1), "features");
            assertThat(features.rows()[3]).containsExactly(whole.rows()[4], within(1e-5f));
        }
    }

    @Test
    void aProbeNeedsHeldOutSamples() {
        Dataset nothingHeldOut = new Dataset("noise", List.of("a", "b"), new Noise(4, -1), new Noise(0, -1));
        try (Checkpoint checkpoint = checkpoint(Models.encoder("hiera_nano_64"))) {
            assertThatThrownBy(() -> Probe.run(checkpoint, nothingHeldOut, ProbeSettings.of(RECIPE), Progress.SILENT))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("noise: has no validation samples");
        }
    }
}
