package io.github.hiera4j.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.hieradet.HieraDet;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.transfer.TrunkConversion;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The conversion of an ordinary checkpoint to a HieraDet trunk with the command. */
class ConvertTrunkTest {
    private static final Path NANO = TestFiles.checkpoint("nano_official.pth");

    @TempDir
    Path directory;

    private static List<double[]> maps(Graph graph, WeightSource weights, Map<String, HostTensor> feeds) {
        try (Session session = new ReferenceBackend().compile(graph, weights, CompileOptions.DEFAULT)) {
            List<double[]> maps = new ArrayList<>();
            session.run(feeds).values().forEach(map -> maps.add(map.toDoubles()));
            return maps;
        }
    }

    @Test
    void aWholeTrunkComputesWhatTheEncoderComputes() {
        CommandRun run = CommandRun.of(
                "convert", NANO, directory.resolve("trunk.safetensors"), "--as", "hieradet", "--positions", "whole");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(2);
        Map<String, HostTensor> feeds;
        List<double[]> expected;
        HieraDetConfig config;
        try (Checkpoint checkpoint = Checkpoint.open(NANO)) {
            List<Integer> size = checkpoint.config().encoder().inputSize();
            feeds = Map.of(
                    HieraEncoder.INPUT, FormulaWeights.tensor("input", Shape.of(1, 3, size.get(0), size.get(1))));
            Graph encoder = checkpoint.config().inferenceGraph();
            List<String> stages = encoder.outputs().keySet().stream()
                    .filter(name -> name.matches("stage_?[1-4]"))
                    .sorted()
                    .toList();
            assertThat(stages).hasSize(4);
            expected = maps(encoder.select(stages), checkpoint.weights(), feeds);
            config = TrunkConversion.WHOLE.config(checkpoint.config());
        }
        GraphBuilder g = new GraphBuilder();
        HieraDet trunk = new HieraDet(config);
        var maps = trunk.build(g.scope(HieraDet.SAM2_PREFIX), trunk.input(g));
        for (int stage = 0; stage < maps.size(); stage++) {
            g.output("map" + stage, maps.get(stage));
        }
        List<double[]> actual;
        try (WeightSource written = SafetensorsFile.open(directory.resolve("trunk.safetensors"))) {
            actual = maps(g.build(), written, feeds);
        }
        for (int stage = 0; stage < 4; stage++) {
            double[] map = actual.get(stage);
            double[] reference = expected.get(stage);
            assertThat(map).hasSameSizeAs(reference);
            for (int i = 0; i < map.length; i++) {
                assertThat(map[i]).as("stage %d", stage).isCloseTo(reference[i], within(1e-9));
            }
        }
    }

    /** The figures are from transformers with the trunk that this command writes: src/test/python/trunk_in_transformers.py. */
    @Test
    void anAbsoluteWindowTrunkComputesWhatTransformersComputesWithIt() throws IOException {
        Path out = directory.resolve("trunk.safetensors");
        CommandRun run = CommandRun.of("convert", NANO, out, "--as", "hieradet", "--size", "128x96");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode expected =
                JsonMapper.shared().readTree(Files.readString(TestFiles.resource("/trunk/nano_windows_128x96.json")));
        HieraDetConfig config;
        try (Checkpoint checkpoint = Checkpoint.open(NANO)) {
            config =
                    TrunkConversion.ABSOLUTE_WINDOWS.config(checkpoint.config()).resized(128, 96);
        }
        GraphBuilder g = new GraphBuilder();
        HieraDet trunk = new HieraDet(config);
        var built = trunk.build(g.scope(HieraDet.SAM2_PREFIX), trunk.input(g));
        for (int stage = 0; stage < built.size(); stage++) {
            g.output("map" + stage, built.get(stage));
        }
        Map<String, HostTensor> feeds =
                Map.of(HieraEncoder.INPUT, FormulaWeights.tensor("input", Shape.of(1, 3, 128, 96)));
        List<double[]> actual;
        try (WeightSource written = SafetensorsFile.open(out)) {
            actual = maps(g.build(), written, feeds);
        }
        for (int stage = 0; stage < 4; stage++) {
            JsonNode map = expected.path("maps").path(stage);
            double[] values = actual.get(stage);
            double squares = 0;
            for (double value : values) {
                squares += value * value;
            }
            double size = map.path("l2").asDouble();
            assertThat(Math.sqrt(squares)).as("stage %d", stage).isCloseTo(size, within(1e-9 * size));
            for (int i = 0; i < map.path("index").size(); i++) {
                double value = map.path("value").path(i).asDouble();
                assertThat(values[map.path("index").path(i).asInt()])
                        .as("stage %d", stage)
                        .isCloseTo(value, within(1e-9));
            }
        }
    }

    @Test
    void theConfigurationBesideItStatesWindowsAndSize() throws IOException {
        Path out = directory.resolve("hf");
        CommandRun run = CommandRun.of(
                "convert",
                "formula:hiera_tiny_224",
                out,
                "--as",
                "hieradet",
                "--keys",
                "transformers",
                "--size",
                "768x1024",
                "--dtype",
                "bfloat16");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode config = JsonMapper.shared().readTree(Files.readString(out.resolve("config.json")));
        assertThat(config.get("model_type").asString()).isEqualTo("sam2_hiera_det_model");
        assertThat(config.get("image_size").toString()).isEqualTo("[768,1024]");
        assertThat(config.get("window_size_per_stage").toString()).isEqualTo("[8,4,14,7]");
        assertThat(config.get("global_attention_blocks").toString()).isEqualTo("[5,7,9]");
        assertThat(config.get("window_positional_embedding_background_size").toString())
                .isEqualTo("[7,7]");
        try (WeightSource written = SafetensorsFile.open(out.resolve("model.safetensors"))) {
            assertThat(written.names())
                    .contains(
                            "patch_embed.projection.weight", "blocks.11.mlp.proj_out.bias", "blocks.3.layer_norm2.bias")
                    .noneMatch(name -> name.contains("head") || name.startsWith("norm."));
            assertThat(Objects.requireNonNull(written.info("pos_embed_window")).shape())
                    .isEqualTo(Shape.of(1, 96, 8, 8));
        }
    }

    @Test
    void whatNoTrunkCanBeIsRefusedInOneLine() {
        Path out = directory.resolve("out");
        assertThat(List.of(
                        CommandRun.of("convert", "formula:hiera_base_16x224", out, "--as", "hieradet"),
                        CommandRun.of("convert", NANO, out, "--as", "hieradet", "--keys", "timm"),
                        CommandRun.of("convert", NANO, out, "--as", "hieradet", "--size", "77"),
                        CommandRun.of("convert", NANO, out, "--as", "hieradet", "--size", "native"),
                        CommandRun.of("convert", NANO, out.resolve("x.pth"), "--as", "hieradet"),
                        CommandRun.of("convert", NANO, out, "--size", "1024")))
                .allSatisfy(run -> assertThat(run.err())
                        .startsWith("hiera: ")
                        .hasLineCount(1)
                        .doesNotContain("internal error"))
                .extracting(CommandRun::exitCode)
                .containsExactly(1, 1, 1, 2, 1, 2); // contradicting options are usage errors
        assertThat(out.resolve("model.safetensors")).doesNotExist();
    }
}
