package io.github.hiera4j.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.weights.NamedTensors;
import io.github.hiera4j.model.weights.keys.KeyMap;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.model.weights.keys.ModelNames;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingFrameworksTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"per_block_compile.pth", "activation_checkpoint.pth", "lightning_net.ckpt", "only_ema.pth"})
    void filesOfFrameworksHoldTheWeightsOfThePlainFile(String name) {
        try (Checkpoint plain = Checkpoint.open(TestFiles.resource("/reports/base_fp16.pth"));
                Checkpoint checkpoint = Checkpoint.open(TestFiles.resource("/reports/" + name))) {
            checkpoint.report().requireExact();
            assertThat(checkpoint.config()).isEqualTo(plain.config());
            for (String tensor : plain.weights().names()) {
                assertThat(checkpoint.weights().read(tensor).toDoubles())
                        .as(tensor)
                        .isEqualTo(plain.weights().read(tensor).toDoubles());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "module.",
                "_orig_mod.",
                "module._orig_mod.",
                "_orig_mod.module.",
                "_fsdp_wrapped_module.",
                "_forward_module.",
                "_forward_module.model._orig_mod.",
                "module.model.",
                "model.encoder.",
                "net._orig_mod.",
                "backbone.",
                "module.backbone.",
                "student.module.backbone.",
                "a.b.c.d.",
                "_module.module.network."
            })
    void aPrefixInFrontOfEveryNameMeansNothing(String prefix) {
        for (KeyStyle style : KeyStyle.values()) {
            for (UnaryOperator<String> inner : List.<UnaryOperator<String>>of(
                    UnaryOperator.identity(),
                    TrainingFrameworksTest::perBlock,
                    name -> name.replace(".attn.", "._checkpoint_wrapped_module.attn."))) {
                Map<String, HostTensor> tensors = new LinkedHashMap<>();
                namesIn(style).forEach((official, name) -> {
                    String wrapped = prefix + inner.apply(name);
                    tensors.put(wrapped, raw(official));
                });
                Path file = directory.resolve("model.safetensors");
                SafetensorsWriter.write(file, new NamedTensors("tensors", tensors), Map.of());
                assertHolds(file, false, style, "");
            }
        }
    }

    private static String perBlock(String name) {
        return name.replaceFirst("(blocks\\.\\d+|layers\\.\\d+)\\.", "$1._fsdp_wrapped_module._orig_mod.");
    }

    @ParameterizedTest
    @CsvSource({
        "model_state, ''",
        "state_dict, module.",
        "state_dict, model.",
        "state_dict, model._orig_mod.",
        "model_state_dict, _orig_mod.module.",
        "model, ''",
        "module, module.",
        "net, ''",
        "weights, ''",
        "state.model, module.",
        "app.state.model_state, _fsdp_wrapped_module.",
        "student, module.backbone.",
        "anything, model.net.",
    })
    void anyContainerIsSearched(String place, String prefix) {
        Path file = NestedCheckpoint.write(
                directory.resolve("model.ckpt"),
                nested(place, prefixed(prefix, false), Map.of("epoch", 3, "optimizer", optimizer())));
        assertHolds(file, false, KeyStyle.OFFICIAL, "");
    }

    @ParameterizedTest
    @CsvSource({
        "state_dict, '', state_dict_ema, ''",
        "model, '', model_ema, ''",
        "model, module., ema.module, module.",
        "module, '', ema_state_dict, ''",
        "student, module.backbone., teacher, backbone.",
        "model_state, '', averaged_model, module.",
        "net, '', params_ema, ''",
        "state_dict, model., swa_model, module.",
        "model, '', momentum_encoder, ''",
    })
    void rawWeightsAreTheDefaultAndAveragedOnesAnOption(String raw, String rawPrefix, String ema, String emaPrefix) {
        Map<String, Object> root =
                nested(raw, prefixed(rawPrefix, false), Map.of("epoch", 3, "optimizer", optimizer()));
        root.putAll(nested(ema, prefixed(emaPrefix, true), Map.of()));
        Path file = NestedCheckpoint.write(directory.resolve("model.pth"), root);
        assertHolds(file, false, KeyStyle.OFFICIAL, "");
        assertHolds(file, true, KeyStyle.OFFICIAL, ".ema");
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.models()).extracting(ModelNames::averaged).containsExactlyInAnyOrder(false, true);
        }
    }

    @Test
    void averagedWeightsMayLieInTheSameDictionary() {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        prefixed("ema_model.module.", true).forEach((name, tensor) -> tensors.put(name, (HostTensor) tensor));
        prefixed("model.", false).forEach((name, tensor) -> tensors.put(name, (HostTensor) tensor));
        tensors.put("criterion.weight", HostTensor.allocate(DType.FLOAT32, Shape.of(10)));
        Path file = directory.resolve("model.safetensors");
        SafetensorsWriter.write(file, new NamedTensors("tensors", tensors), Map.of());
        assertHolds(file, false, KeyStyle.OFFICIAL, "");
        assertHolds(file, true, KeyStyle.OFFICIAL, ".ema");
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.inferred()).anyMatch(line -> line.contains("criterion.weight"));
        }
    }

    @Test
    void torchsAveragedModelIsKnownByItsCounter() {
        Map<String, Object> tensors = new LinkedHashMap<>();
        tensors.put("n_averaged", HostTensor.allocate(DType.FLOAT32, Shape.of(1)));
        tensors.putAll(prefixed("module.", true));
        Path file = NestedCheckpoint.write(directory.resolve("model.pth"), Map.of("model", tensors));
        assertHolds(file, true, KeyStyle.OFFICIAL, ".ema");
        assertHolds(file, false, KeyStyle.OFFICIAL, ".ema");
    }

    @Test
    void askingForAveragedWeightsThatAreNotThereSaysSo() {
        Path file = TestFiles.checkpoint("nano_official.pth");
        assertThatThrownBy(() -> Checkpoint.open(file, true))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith(file + ": contains no averaged weights")
                .hasMessageContaining("model_state");
    }

    @Test
    void severalModelsOfUnknownPurposeAreRefused() {
        Map<String, Object> root = nested("first", prefixed("", false), Map.of());
        root.putAll(nested("second", prefixed("", false), Map.of()));
        Path file = NestedCheckpoint.write(directory.resolve("model.pth"), root);
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("contains several models (first, second)");
    }

    private static void assertHolds(Path file, boolean averaged, KeyStyle style, String suffix) {
        try (Checkpoint checkpoint = Checkpoint.open(file, averaged)) {
            checkpoint.report().requireExact();
            assertThat(checkpoint.keyStyle()).isEqualTo(style);
            assertThat(checkpoint.config()).isEqualTo(Fixtures.NANO);
            for (String name : checkpoint.weights().names()) {
                HostTensor tensor = checkpoint.weights().read(name);
                assertThat(tensor.toFloats())
                        .as(name)
                        .isEqualTo(FormulaWeights.tensor(name + suffix, tensor.shape())
                                .toFloats());
            }
        }
    }

    private static Map<String, Object> prefixed(String prefix, boolean averaged) {
        Map<String, Object> tensors = new LinkedHashMap<>();
        Fixtures.NANO
                .inferenceGraph()
                .parameters()
                .forEach((name, shape) ->
                        tensors.put(prefix + name, FormulaWeights.tensor(averaged ? name + ".ema" : name, shape)));
        return tensors;
    }

    private static HostTensor raw(String official) {
        Map<String, Shape> shapes = Fixtures.NANO.inferenceGraph().parameters();
        return FormulaWeights.tensor(official, shapes.getOrDefault(official, Shape.of(1)));
    }

    private static Map<String, String> namesIn(KeyStyle style) {
        return KeyMap.writing(
                        style,
                        Fixtures.NANO.stages(),
                        Fixtures.NANO.inferenceGraph().parameters().keySet())
                .fileNames();
    }

    private static Map<String, Object> optimizer() {
        return Map.of("state", Map.of("blocks.0.norm1.weight", raw("blocks.0.norm1.weight")));
    }

    private static Map<String, Object> nested(String place, Map<String, ?> tensors, Map<String, ?> beside) {
        String[] keys = place.split("\\.");
        Map<String, Object> inner = new LinkedHashMap<>(tensors);
        for (int i = keys.length - 1; i >= 0; i--) {
            Map<String, Object> outer = new LinkedHashMap<>();
            if (i == 0) {
                outer.putAll(beside);
            }
            outer.put(keys[i], inner);
            inner = outer;
        }
        return inner;
    }
}
