package io.github.hiera4j.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.GoldenFile;
import io.github.hiera4j.model.parity.Sam2Case;
import io.github.hiera4j.model.sam.DecodedMasks;
import io.github.hiera4j.model.sam.ImageFeatures;
import io.github.hiera4j.model.sam.PointLabel;
import io.github.hiera4j.model.sam.PromptBatch;
import io.github.hiera4j.model.sam.PromptPoint;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2ImageEncoder;
import io.github.hiera4j.model.sam.Sam2Model;
import io.github.hiera4j.model.sam.Sam2Prompt;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.onnx.OnnxRuntimeBackend.OnnxModel;
import io.github.hiera4j.onnx.graph.PromptStage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a mask decoder, with prompts in user terms, compared with this project's own decoder. */
class PromptStageTest {
    private final Sam2Case golden =
            (Sam2Case) GoldenFile.read(TestFiles.golden("sam2_nano")).get(0);
    private final Sam2Config config = golden.config();

    @TempDir
    Path directory;

    @Test
    void pointsBoxesAndEarlierMasksGiveTheMasksOfOurOwnDecoder() {
        List<List<PromptPoint>> prompts = List.of(
                List.of(new PromptPoint(100.5, 60, PointLabel.FOREGROUND)),
                List.of(
                        new PromptPoint(20, 30, PointLabel.BOX_TOP_LEFT),
                        new PromptPoint(200, 180.25, PointLabel.BOX_BOTTOM_RIGHT),
                        new PromptPoint(90, 90, PointLabel.BACKGROUND)));
        HostTensor coordinates = HostTensor.of(
                Shape.of(2, 8, 2), places(8, new float[] {100.5f, 60}, new float[] {20, 30, 200, 180.25f, 90, 90}));
        HostTensor labels =
                HostTensor.of(Shape.of(2, 8), new long[] {1, -1, -2, -2, -2, -2, -2, -2, 2, 3, 0, -1, -2, -2, -2, -2});
        try (Sam2Model ours = Sam2Model.compile(
                config, golden.weights(), new OnnxRuntimeBackend(directory), CompileOptions.DEFAULT)) {
            int size = config.imageSize();
            ImageFeatures image = ours.encode(FormulaWeights.tensor("input", Shape.of(1, 3, size, size)));
            Map<String, HostTensor> feeds = new LinkedHashMap<>();
            feeds.put(Sam2ImageEncoder.EMBEDDING, image.embedding());
            feeds.put(Sam2ImageEncoder.HIGH_RESOLUTION_0, image.highResolution0());
            feeds.put(Sam2ImageEncoder.HIGH_RESOLUTION_1, image.highResolution1());
            feeds.put(PromptStage.COORDINATES, coordinates);
            feeds.put(PromptStage.LABELS, labels);
            DecodedMasks first = ours.decode(
                    image,
                    new PromptBatch(config, prompts.stream().map(Sam2Prompt::of).toList()));
            assertEqual(decode(false, feeds), first);

            int side = config.maskSize();
            HostTensor earlier = HostTensor.of(Shape.of(2, side, side), new float[2 * side * side]);
            earlier.slice(0).floats().put(first.mask(0, 0).toFloats());
            earlier.slice(1).floats().put(first.mask(1, 0).toFloats());
            feeds.put(PromptStage.MASK, earlier);
            DecodedMasks second = ours.decode(
                    image,
                    new PromptBatch(
                            config,
                            List.of(
                                    Sam2Prompt.of(
                                            prompts.get(0), earlier.slice(0).toFloats()),
                                    Sam2Prompt.of(
                                            prompts.get(1), earlier.slice(1).toFloats()))));
            assertEqual(decode(true, feeds), second);
        }
    }

    private Map<String, HostTensor> decode(boolean withMask, Map<String, HostTensor> feeds) {
        Path file = directory.resolve("decoder-" + withMask + ".onnx");
        OnnxGraph exported = OnnxModels.maskDecoder("decoder", config, 8, withMask);
        OnnxExport.write(file, exported, golden.weights(), OnnxOptions.DEFAULT, Map.of());
        try (OnnxModel model = new OnnxModel(file)) {
            assertThat(model.inputs()).containsExactlyInAnyOrderElementsOf(exported.inputNames());
            return model.run(feeds, List.of(OnnxModels.MASKS, OnnxModels.QUALITY, OnnxModels.OBJECT_SCORE));
        }
    }

    private static void assertEqual(Map<String, HostTensor> made, DecodedMasks expected) {
        assertClose(requireNonNull(made.get(OnnxModels.MASKS)), expected.logits());
        assertClose(requireNonNull(made.get(OnnxModels.QUALITY)), expected.quality());
        assertClose(requireNonNull(made.get(OnnxModels.OBJECT_SCORE)), expected.objectScore());
    }

    private static void assertClose(HostTensor made, HostTensor expected) {
        assertThat(Objects.requireNonNull(made).shape()).isEqualTo(expected.shape());
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.elements(); i++) {
            difference += Math.pow(made.get(i) - expected.get(i), 2);
            norm += Math.pow(expected.get(i), 2);
        }
        assertThat(Math.sqrt(difference / norm)).isLessThan(5e-6);
    }

    private static float[] places(int capacity, float[]... prompts) {
        float[] all = new float[prompts.length * capacity * 2];
        for (int prompt = 0; prompt < prompts.length; prompt++) {
            System.arraycopy(prompts[prompt], 0, all, prompt * capacity * 2, prompts[prompt].length);
        }
        return all;
    }
}
