package io.github.hiera4j.model.sam.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2Model;
import io.github.hiera4j.model.sam.Sam2Variant;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.NamedTensors;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sam2CheckpointTest {
    private static final Path ORIGINAL = TestFiles.checkpoint("sam2_nano.pt");
    private static final Path TRANSFORMERS = TestFiles.checkpoint("sam2_nano_hf");

    @TempDir
    Path directory;

    @Test
    void anOriginalFileHoldsTheFormulaWeightsAndItsVideoTensorsAreLeftOut() {
        try (Sam2Checkpoint checkpoint =
                Sam2Checkpoint.open(ORIGINAL, Optional.of(TRANSFORMERS.resolve("config.json")))) {
            assertHoldsFormulaWeights(checkpoint);
            assertThat(checkpoint.keyStyle()).isEqualTo("sam2");
            assertThat(checkpoint.videoOnly()).hasSize(9).contains("memory_attention.norm.weight", "no_obj_ptr");
        }
    }

    @Test
    void aTransformersDirectoryHoldsTheSameTensorsUnderItsOwnNames() {
        try (Sam2Checkpoint checkpoint = Sam2Checkpoint.open(TRANSFORMERS)) {
            assertHoldsFormulaWeights(checkpoint);
            assertThat(checkpoint.keyStyle()).isEqualTo("transformers");
        }
    }

    private static void assertHoldsFormulaWeights(Sam2Checkpoint checkpoint) {
        Sam2Config config = checkpoint.config();
        assertThat(config.imageSize()).isEqualTo(256);
        assertThat(config.trunk().globalBlocks()).isEqualTo(Set.of(2));
        checkpoint.report().requireExact();
        Sam2Model.parameters(config)
                .forEach((name, shape) -> assertThat(
                                checkpoint.weights().read(name, shape).toFloats())
                        .as(name)
                        .isEqualTo(FormulaWeights.tensor(name, shape).toFloats()));
    }

    @Test
    void anUnpublishedModelWithoutADescriptionIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> Sam2Checkpoint.open(ORIGINAL))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("sam2_nano.pt")
                .hasMessageContaining("config.json");
    }

    @Test
    void aPublishedModelIsRecognisedByItsShapes() {
        Sam2Variant variant = Sam2Variant.TINY;
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        Sam2Model.parameters(variant.config()).forEach((name, shape) -> tensors.put(name, zeros(shape)));
        Path file = directory.resolve("model.safetensors");
        SafetensorsWriter.write(file, new NamedTensors("zeros", tensors), Map.of());
        try (Sam2Checkpoint checkpoint = Sam2Checkpoint.open(file)) {
            assertThat(checkpoint.config()).isEqualTo(variant.config());
            assertThat(checkpoint.variant()).contains(variant);
        }
    }

    private static HostTensor zeros(Shape shape) {
        return HostTensor.allocate(DType.BFLOAT16, shape);
    }

    @Test
    void publishedModelsHaveTheirPublishedParameterCounts() {
        long decoder = 4_215_109 + 6_476 + 256;
        assertThat(parameters(Sam2Variant.TINY)).isEqualTo(26_849_472 + 369_664 + decoder);
        assertThat(parameters(Sam2Variant.BASE_PLUS)).isEqualTo(68_675_712 + 431_104 + decoder);
        assertThat(parameters(Sam2Variant.LARGE)).isEqualTo(212_149_296 + 553_984 + decoder);
    }

    private static long parameters(Sam2Variant variant) {
        return Sam2Model.parameters(variant.config()).values().stream()
                .mapToLong(Shape::elements)
                .sum();
    }

    @Test
    void aDescriptionOfAnotherKindOfModelIsRefused() throws IOException {
        Path other = directory.resolve("config.json");
        Files.writeString(other, "{\"model_type\": \"hiera\"}");
        assertThatThrownBy(() -> Sam2Checkpoint.open(ORIGINAL, Optional.of(other)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("does not describe a SAM 2 model");
    }

    @Test
    void sizesThatNoModelHasAreRefused() throws IOException {
        String json = Files.readString(TRANSFORMERS.resolve("config.json"));
        assertRefused(json.replaceAll("\"image_size\": \\[[^]]*\\]", "\"image_size\": 65536"), "65536");
        assertRefused(json.replaceAll("\"image_size\": \\[[^]]*\\]", "\"image_size\": 1e99"), "whole number");
        assertRefused(json.replaceAll("(\"window_size_per_stage\": \\[\\s*)8", "$1-3"), "windows");
        assertRefused(json.replaceAll("(\"global_attention_blocks\": \\[\\s*)2", "$177"), "global blocks");
    }

    private void assertRefused(String json, String reason) throws IOException {
        Path file = directory.resolve("config.json");
        Files.writeString(file, json);
        assertThatThrownBy(() -> Sam2Checkpoint.open(ORIGINAL, Optional.of(file)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aTensorThatIsMissingOrTransposedOrNotFiniteIsNamed() {
        String layer = "sam_mask_decoder.iou_prediction_head.layers.0.weight";
        assertDamaged(layer, tensor -> null, layer);
        assertDamaged(layer, tensor -> zeros(Shape.of(tensor.shape().size(1) + 1, 3)), layer);
        assertDamaged(
                "image_encoder.trunk.pos_embed",
                tensor -> zeros(Shape.of(
                        1,
                        tensor.shape().size(2),
                        tensor.shape().size(3),
                        tensor.shape().size(1))),
                "image_encoder.trunk.pos_embed");
        assertDamaged(
                layer,
                tensor -> {
                    float[] values = tensor.toFloats();
                    values[7] = Float.NaN;
                    return HostTensor.of(tensor.shape(), values);
                },
                layer);
    }

    /** Replaces or removes one tensor and asserts that the one-line message names it and the fault. */
    private void assertDamaged(String name, Function<HostTensor, @Nullable HostTensor> damage, String reason) {
        Path file = directory.resolve("damaged.safetensors");
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        try (Sam2Checkpoint sound = Sam2Checkpoint.open(TRANSFORMERS)) {
            for (String each : sound.weights().names()) {
                HostTensor tensor = sound.weights().read(each);
                HostTensor written = each.equals(name) ? damage.apply(tensor) : tensor;
                if (written != null) {
                    tensors.put(each, written);
                }
            }
        }
        SafetensorsWriter.write(file, new NamedTensors("damaged", tensors), Map.of());
        assertThatThrownBy(() -> {
                    try (Sam2Checkpoint checkpoint =
                            Sam2Checkpoint.open(file, Optional.of(TRANSFORMERS.resolve("config.json")))) {
                        checkpoint.report().requireExact();
                        FiniteWeights finite = new FiniteWeights(checkpoint.weights());
                        Sam2Model.parameters(checkpoint.config()).forEach(finite::read);
                    }
                })
                .isInstanceOf(HieraException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("\n");
    }

    /** A header may claim any size; nothing is allocated before the size is compared with the file. */
    @Test
    void aTensorOfAGiantDeclaredSizeIsRefusedAtOnce() throws IOException {
        String json = "{\"image_encoder.trunk.pos_embed\":{\"dtype\":\"F32\",\"shape\":[1,96,2000000,2000000],"
                + "\"data_offsets\":[0,1536000000000000]}}";
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        Path file = directory.resolve("giant.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(8 + head.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(head.length)
                        .put(head)
                        .array());
        assertThatThrownBy(() -> Sam2Checkpoint.open(file))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("giant.safetensors")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aHieraCheckpointIsNoSegmentationModel() {
        Path hiera = TestFiles.checkpoint("nano_official.pth");
        assertThat(Sam2Checkpoint.isSam2(hiera)).isFalse();
        assertThat(Sam2Checkpoint.isSam2(TRANSFORMERS)).isTrue();
        assertThatThrownBy(() -> Sam2Checkpoint.open(hiera))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("not a SAM 2 model");
    }
}
