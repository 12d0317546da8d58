package io.github.hiera4j.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class FixtureCheckpointsTest {
    @ParameterizedTest
    @CsvSource({
        "nano_official.pth, PyTorch zip, OFFICIAL, FLOAT32",
        "nano_official_legacy.pth, PyTorch legacy, OFFICIAL, FLOAT32",
        "nano_official_fp16.pth, PyTorch zip, OFFICIAL, FLOAT16",
        "nano_official_bf16.pth, PyTorch zip, OFFICIAL, BFLOAT16",
        "nano_official_fp64.pth, PyTorch zip, OFFICIAL, FLOAT64",
        "nano_bare_state_dict.pth, PyTorch zip, OFFICIAL, FLOAT32",
        "nano_ddp_training.pth, PyTorch zip, OFFICIAL, FLOAT32",
        "nano_views.pth, PyTorch zip, OFFICIAL, FLOAT32",
        "nano_video_official.pth, PyTorch zip, OFFICIAL, FLOAT32",
        "mae_nano_official.pth, PyTorch zip, OFFICIAL, FLOAT32",
        "hf_nano, safetensors, TRANSFORMERS, FLOAT32",
        "hf_nano_sharded, sharded safetensors, TRANSFORMERS, FLOAT32",
        "hf_mae_nano, safetensors, TRANSFORMERS, FLOAT32",
        "hub_official_nano, safetensors, OFFICIAL, FLOAT32",
        "timm_nano, safetensors, TIMM, FLOAT32",
    })
    void everyTensorHoldsTheFormulaOfItsOfficialName(String name, String format, KeyStyle style, DType dtype) {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint(name))) {
            assertThat(checkpoint.format()).isEqualTo(format);
            assertThat(checkpoint.keyStyle()).isEqualTo(style);
            for (String tensor : checkpoint.weights().names()) {
                HostTensor actual = checkpoint.weights().read(tensor);
                HostTensor expected =
                        FormulaWeights.tensor(tensor, actual.shape()).to(dtype);
                assertThat(actual.dtype()).as(tensor).isEqualTo(dtype);
                assertThat(actual.toDoubles()).as(tensor).isEqualTo(expected.toDoubles());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nano_official.pth",
                "nano_official_legacy.pth",
                "nano_official_fp16.pth",
                "nano_official_bf16.pth",
                "nano_official_fp64.pth",
                "nano_bare_state_dict.pth",
                "nano_ddp_training.pth",
                "nano_views.pth",
                "hf_nano",
                "hf_nano_sharded",
                "hub_official_nano",
                "timm_nano"
            })
    void everyFileOfTheNanoModelHasItsConfigurationAndTensors(String name) {
        try (Checkpoint official = Checkpoint.open(Fixtures.checkpoint("nano_official.pth"));
                Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint(name))) {
            assertThat(checkpoint.config()).isEqualTo(Fixtures.NANO);
            assertThat(checkpoint.inferred().isEmpty()).isEqualTo(!name.endsWith(".pth"));
            assertThat(shapes(checkpoint.weights())).isEqualTo(shapes(official.weights()));
        }
    }

    @Test
    void theVideoModelIsInferredFromItsShapes() {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("nano_video_official.pth"))) {
            HieraConfig expected = HieraConfig.video()
                    .inputSize(List.of(4, 64, 64))
                    .embedDim(8)
                    .stages(List.of(1, 1, 2, 1))
                    .numClasses(7)
                    .build();
            assertThat(checkpoint.config()).isEqualTo(expected);
            assertThat(checkpoint.inferred()).anyMatch(line -> line.contains("input_size [4, 64, 64]"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mae_nano_official.pth", "hf_mae_nano"})
    void theMaskedAutoencoderIsToldFromAnEncoder(String name) {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint(name))) {
            HieraConfig encoder =
                    Fixtures.NANO.toBuilder().numClasses(0).qPool(2).build();
            assertThat(checkpoint.config()).isEqualTo(new MaeConfig(encoder, 32, 2, 4));
        }
    }

    @Test
    void bothMaskedAutoencodersHaveTheSameTensors() {
        try (Checkpoint official = Checkpoint.open(Fixtures.checkpoint("mae_nano_official.pth"));
                Checkpoint transformers = Checkpoint.open(Fixtures.checkpoint("hf_mae_nano"))) {
            assertThat(shapes(transformers.weights())).isEqualTo(shapes(official.weights()));
        }
    }

    @Test
    void timmsAbsWinModelKeepsItsExtensions() {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("timm_nano_abswin"))) {
            HieraConfig expected = Fixtures.NANO.toBuilder()
                    .inputSize(List.of(96, 96))
                    .absWinPosEmbed(true)
                    .globalPosSize(List.of(7, 7))
                    .initValues(1e-5)
                    .useExpandProj(false)
                    .build();
            assertThat(checkpoint.config()).isEqualTo(expected);
            assertThat(checkpoint.keyStyle()).isEqualTo(KeyStyle.TIMM);
            for (String name : checkpoint.weights().names()) {
                HostTensor tensor = checkpoint.weights().read(name);
                String fileName = checkpoint.fileNames().getOrDefault(name, "");
                assertThat(tensor.toDoubles()).as(name).isEqualTo(absWinValues(fileName, tensor.shape()));
            }
        }
    }

    private static double[] absWinValues(String fileName, Shape shape) {
        if (!fileName.endsWith(".gamma")) {
            return FormulaWeights.tensor(fileName, shape).toDoubles();
        }
        double[] values = FormulaWeights.noise(fileName, (int) shape.elements());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.5 + 0.1 * (0.1 * values[i]));
        }
        return values;
    }

    @Test
    void theConfigurationOfTimmSaysHowToPrepareImages() {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("timm_nano"))) {
            assertThat(checkpoint.preprocessHints())
                    .contains(new PreprocessHints(
                            List.of(0.485, 0.456, 0.406),
                            List.of(0.229, 0.224, 0.225),
                            0.9,
                            "bicubic",
                            List.of(64, 64)));
        }
    }

    @Test
    void placeholderLabelsAreNotClassNames() {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("hf_nano"))) {
            assertThat(checkpoint.classNames()).isEmpty();
        }
    }

    @Test
    void plainValuesBesideTheTensorsAreKept() {
        try (Checkpoint official = Checkpoint.open(Fixtures.checkpoint("nano_official.pth"));
                Checkpoint training = Checkpoint.open(Fixtures.checkpoint("nano_ddp_training.pth"))) {
            assertThat(official.metadata()).isEqualTo(Map.of("epoch", 99L, "cfg", "NUM_GPUS: 64\n"));
            assertThat(training.metadata())
                    .isEqualTo(Map.of("epoch", 3L, "best_acc", 81.25, "names", List.of("a", "b")));
        }
    }

    @Test
    void aTensorStaysValidAfterItsCheckpointIsClosed() {
        HostTensor tensor;
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("nano_official.pth"))) {
            tensor = checkpoint.weights().read("head.projection.weight");
        }
        assertThat(tensor.toFloats())
                .isEqualTo(FormulaWeights.tensor("head.projection.weight", tensor.shape())
                        .toFloats());
    }

    private static Set<String> shapes(WeightSource weights) {
        Set<String> shapes = new TreeSet<>();
        weights.names()
                .forEach(name -> shapes.add(name + " " + weights.info(name).shape()));
        return shapes;
    }
}
