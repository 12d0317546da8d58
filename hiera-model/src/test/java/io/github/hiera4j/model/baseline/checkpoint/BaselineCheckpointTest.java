package io.github.hiera4j.model.baseline.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.baseline.VisionTransformerConfig;
import io.github.hiera4j.model.baseline.VisionTransformerMae;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Small models written by timm and transformers, with their outputs: the files load unchanged and give the same results. */
class BaselineCheckpointTest {
    @TempDir
    Path directory;

    private static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(BaselineCheckpointTest.class.getResource("/checkpoints/baselines/" + name))
                            .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JsonNode expected(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(resource(name).resolve("expected.json")));
    }

    private static HostTensor input() {
        return input(Shape.of(2, 3, 32, 32));
    }

    private static HostTensor input(Shape shape) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(0.37 * i + 0.0001 * i * i);
        }
        return HostTensor.of(shape, values);
    }

    private static Map<String, HostTensor> run(Checkpoint checkpoint) {
        Graph graph = checkpoint.config().encoderGraph();
        try (Session session = new ReferenceBackend().compile(graph, checkpoint.weights(), CompileOptions.DEFAULT)) {
            return session.run(Map.of(HieraEncoder.INPUT, input()));
        }
    }

    private static void assertClose(HostTensor actual, JsonNode expected) {
        assertThat(actual.elements()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i))
                    .as("value %d", i)
                    .isCloseTo(expected.get(i).asDouble(), within(2e-5));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timm_vit",
                "timm_vit_avg",
                "mae_encoder",
                "hf_vit",
                "hf_vit_model",
                "timm_mvitv2",
                "timm_mvitv2_mlp",
                "timm_mvitv2_cls",
                "mvitv2"
            })
    void aFileGivesWhatItsAuthorsToolComputes(String name) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(resource(name))) {
            checkpoint.report().requireExact();
            JsonNode expected = expected(name);
            assertThat(checkpoint.config().encoder().numHeads())
                    .isEqualTo(expected.get("heads").asInt());
            Map<String, HostTensor> results = run(checkpoint);
            assertClose(Objects.requireNonNull(results.get(Hiera.EMBEDDING)), expected.get("embedding"));
            if (expected.has("logits")) {
                assertClose(Objects.requireNonNull(results.get(Hiera.LOGITS)), expected.get("logits"));
            }
            assertThat(Objects.requireNonNull(results.get(Hiera.stage(1)))
                            .shape()
                            .rank())
                    .isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"timm_vit_avg", "hf_vit", "mae_encoder", "timm_mvitv2_mlp", "timm_mvitv2_cls", "mvitv2"})
    void aRewrittenFileIsTheSameModel(String name) throws IOException {
        Path target = directory.resolve("model");
        try (Checkpoint checkpoint = Checkpoint.open(resource(name))) {
            CheckpointWriter.inStyle(KeyStyle.OFFICIAL).write(target, checkpoint.config(), checkpoint.weights());
            try (Checkpoint again = Checkpoint.open(target)) {
                assertThat(again.config()).isEqualTo(checkpoint.config());
                assertClose(
                        Objects.requireNonNull(run(again).get(Hiera.EMBEDDING)),
                        expected(name).get("embedding"));
            }
        }
    }

    /** Files of transformers and of the released code, whose decoder has its own names. */
    @ParameterizedTest
    @CsvSource({"hf_vit_mae, 4", "mae_decoder, 1"})
    void anAutoencoderHasItsLoss(String name, int decoderHeads) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(resource(name))) {
            VisionTransformerMae mae = (VisionTransformerMae) checkpoint.config();
            assertThat(mae.decoderHeads()).isEqualTo(decoderHeads);
            checkpoint.report().requireExact();
            Map<String, HostTensor> feeds = new HashMap<>();
            feeds.put(HieraEncoder.INPUT, input());
            List<Integer> visible = List.of(12, 13, 14, 15);
            feeds.putAll(mae.feeds(new MaskUnits(16, List.of(visible, visible))));
            Graph graph = mae.graph(4).select(HieraMae.LOSS);
            try (Session session =
                    new ReferenceBackend().compile(graph, checkpoint.weights(), CompileOptions.DEFAULT)) {
                double loss = Objects.requireNonNull(session.run(feeds).get(HieraMae.LOSS))
                        .get(0);
                assertThat(loss).isCloseTo(expected(name).get("loss").asDouble(), within(1e-4));
            }
        }
    }

    /** Tensors under the names of the authors' code, with the logits of torchvision's implementation. */
    @Test
    void aVideoModelOfMViTv2GivesItsLogits() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(resource("mvitv2_video"))) {
            checkpoint.report().requireExact();
            MViTv2Config model = (MViTv2Config) checkpoint.config();
            assertThat(model.hasClassToken()).isTrue();
            assertThat(model.shape().inputSize()).containsExactly(8, 64, 64);
            Graph graph = model.inferenceGraph().select(Hiera.LOGITS);
            try (Session session =
                    new ReferenceBackend().compile(graph, checkpoint.weights(), CompileOptions.DEFAULT)) {
                Map<String, HostTensor> results =
                        session.run(Map.of(HieraEncoder.INPUT, input(Shape.of(2, 3, 8, 64, 64))));
                assertClose(
                        Objects.requireNonNull(results.get(Hiera.LOGITS)),
                        expected("mvitv2_video").get("logits"));
            }
        }
    }

    @Test
    void descriptionsAreHonoured() {
        try (Checkpoint timm = Checkpoint.open(resource("timm_vit"));
                Checkpoint transformers = Checkpoint.open(resource("hf_vit"))) {
            assertThat(timm.classNames()).containsExactly("ant", "bee", "cat");
            assertThat(timm.preprocessHints().orElseThrow().mean()).containsExactly(.5, .5, .5);
            assertThat(transformers.classNames()).containsExactly("ant", "bee", "cat");
            assertThat(transformers.keyStyle()).isEqualTo(KeyStyle.TRANSFORMERS);
            assertThat(((VisionTransformerConfig) transformers.config()).layerNormEps())
                    .isEqualTo(1e-12);
            assertThat(transformers.config().architecture()).isEqualTo("ViT");
        }
        try (Checkpoint mvit = Checkpoint.open(resource("timm_mvitv2_mlp"))) {
            MViTv2Config config = (MViTv2Config) mvit.config();
            assertThat(config.widensInAttention()).isFalse();
            assertThat(config.shape().stages()).containsExactly(1, 2, 1);
            assertThat(config.shape().inputSize()).containsExactly(32, 32);
            assertThat(mvit.inferred()).anyMatch(note -> note.contains("stride of keys"));
        }
    }

    @Test
    void aSettingThatChangesResultsIsRefusedByItsName() throws IOException {
        Path copy = directory.resolve("copy");
        Files.createDirectories(copy);
        for (String file : List.of("model.safetensors", "config.json")) {
            Files.copy(resource("hf_vit").resolve(file), copy.resolve(file));
        }
        Path config = copy.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"gelu\"", "\"relu\""));
        assertThatThrownBy(() -> Checkpoint.open(copy).close())
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("hidden_act")
                .hasMessageContaining("config.json");
    }
}
