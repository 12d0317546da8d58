package io.github.hiera4j.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaeTarget;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.ConvertedWeights;
import io.github.hiera4j.model.weights.LoadReport;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.ConfigInference;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import io.github.hiera4j.model.weights.torch.TorchCheckpoint;
import io.github.hiera4j.model.weights.torch.TorchCheckpointWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

public class WriterRoundTripTest {
    private static final HieraConfig VIDEO = HieraConfig.video()
            .inputSize(List.of(4, 64, 64))
            .embedDim(8)
            .stages(List.of(1, 1, 2, 1))
            .numClasses(7)
            .build();

    private static final HieraConfig HEADLESS =
            Fixtures.NANO.toBuilder().numClasses(0).build();

    private static final HieraConfig ABS_WIN = Fixtures.NANO.toBuilder()
            .inputSize(List.of(96, 96))
            .absWinPosEmbed(true)
            .globalPosSize(List.of(7, 7))
            .initValues(1e-5)
            .useExpandProj(false)
            .build();

    private static final HieraConfig UNUSUAL = HieraConfig.image()
            .inputSize(List.of(32, 48))
            .inChans(4)
            .embedDim(12)
            .numHeads(2)
            .stages(List.of(1, 2, 1))
            .qPool(1)
            .maskUnitSize(List.of(4, 4))
            .maskUnitAttn(List.of(true, false, false))
            .mlpRatio(3)
            .numClasses(3)
            .build();

    private static final MaeConfig MAE =
            new MaeConfig(HEADLESS.toBuilder().qPool(2).build(), 32, 2, 4);

    @Test
    void equalContentGivesEqualBytesWhateverTheOrderOfTheMetadata(@TempDir Path directory) throws IOException {
        WeightSource weights = new FormulaWeights(Map.of("weight", Shape.of(2, 3)));
        Map<String, String> forwards = new LinkedHashMap<>();
        Map<String, String> backwards = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            forwards.put("key" + i, "value");
            backwards.put("key" + (19 - i), "value");
        }
        SafetensorsWriter.write(directory.resolve("a"), weights, forwards);
        SafetensorsWriter.write(directory.resolve("b"), weights, backwards);
        assertThat(Files.readAllBytes(directory.resolve("a"))).isEqualTo(Files.readAllBytes(directory.resolve("b")));
    }

    @TempDir
    Path directory;

    static Stream<Arguments> everyModelInEveryStyleThatCanExpressIt() {
        Stream<Arguments> all = Stream.of(
                Arguments.of(Fixtures.NANO, List.of(KeyStyle.values())),
                Arguments.of(HEADLESS, List.of(KeyStyle.values())),
                Arguments.of(UNUSUAL, List.of(KeyStyle.values())),
                Arguments.of(VIDEO, List.of(KeyStyle.OFFICIAL, KeyStyle.TIMM)),
                Arguments.of(ABS_WIN, List.of(KeyStyle.OFFICIAL, KeyStyle.TIMM)),
                Arguments.of(MAE, List.of(KeyStyle.OFFICIAL, KeyStyle.TRANSFORMERS)),
                Arguments.of(MAE.withFusion(false), List.of(KeyStyle.OFFICIAL)),
                Arguments.of(MAE.withTarget(MaeTarget.HOG), List.of(KeyStyle.OFFICIAL)),
                Arguments.of(LadderMae.of(MAE.withTarget(MaeTarget.PIXELS), Rung.C), List.of(KeyStyle.OFFICIAL)),
                Arguments.of(LadderConfig.of(Fixtures.NANO, Rung.ZERO), List.of(KeyStyle.OFFICIAL)),
                Arguments.of(new LadderConfig(Fixtures.NANO, Rung.A, false), List.of(KeyStyle.OFFICIAL)),
                Arguments.of(MViTv2Config.video(VIDEO), List.of(KeyStyle.OFFICIAL)));
        return all.flatMap(row -> ((List<?>) row.get()[1])
                .stream()
                        .flatMap(style -> Stream.of(DType.values())
                                .filter(DType::isFloating)
                                .map(dtype -> Arguments.of(row.get()[0], style, dtype))));
    }

    @ParameterizedTest
    @MethodSource("everyModelInEveryStyleThatCanExpressIt")
    void aWrittenDirectoryReadsBackTheSame(ModelConfig config, KeyStyle style, DType dtype) throws IOException {
        Path target = directory.resolve("model");
        CheckpointWriter.Written written =
                CheckpointWriter.inStyle(style).withDType(dtype).write(target, config, formula(config));
        assertThat(written.dropped()).isEmpty();
        try (Checkpoint checkpoint = Checkpoint.open(target)) {
            assertThat(checkpoint.keyStyle()).isEqualTo(style);
            assertThat(checkpoint.config()).isEqualTo(config);
            assertThat(checkpoint.inferred()).isEmpty();
            assertHoldsFormula(checkpoint, dtype);
        }
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            style == KeyStyle.TRANSFORMERS && config.encoder().inChans() == 3
                                    ? List.of(
                                            "model.safetensors",
                                            "config.json",
                                            "preprocessor_config.json",
                                            "hiera4j.json")
                                    : List.of("model.safetensors", "config.json"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
    void aWrittenPthReadsBackTheSame(DType dtype) {
        for (ModelConfig config : List.of(Fixtures.NANO, HEADLESS, VIDEO, MAE)) {
            Path target = directory.resolve("model.pth");
            CheckpointWriter.inStyle(KeyStyle.OFFICIAL).withDType(dtype).write(target, config, formula(config));
            try (Checkpoint checkpoint = Checkpoint.open(target)) {
                assertThat(checkpoint.format()).isEqualTo("PyTorch zip");
                assertThat(checkpoint.config()).isEqualTo(config);
                assertHoldsFormula(checkpoint, dtype);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPublishedModelsConfigurationIsInferredFromItsShapesAlone(HieraVariant variant) {
        List<ModelConfig> configs = variant.hasAbsoluteWindows()
                ? List.of(variant.config())
                : List.of(variant.config(), MaeConfig.around(variant.config()));
        for (ModelConfig config : configs) {
            ConfigInference.Result result = ConfigInference.infer(formula(config));
            assertThat(result.config()).isEqualTo(config);
            assertThat(result.lines()).isNotEmpty();
        }
    }

    @Test
    void timmKeepsTheEncoderOfAMaskedAutoencoderAndSaysWhatIsDropped() {
        Path target = directory.resolve("encoder");
        CheckpointWriter.Written written =
                CheckpointWriter.inStyle(KeyStyle.TIMM).write(target, MAE, formula(MAE));
        assertThat(written.dropped()).contains("mask_token", "decoder_pred.weight", "multi_scale_fusion_heads.0.bias");
        try (Checkpoint checkpoint = Checkpoint.open(target)) {
            assertThat(checkpoint.config()).isEqualTo(HEADLESS);
            LoadReport.compare(HEADLESS.inferenceGraph().parameters(), checkpoint.weights())
                    .requireExact();
            assertThat(checkpoint.weights().read("norm.weight").toFloats())
                    .isEqualTo(FormulaWeights.tensor("encoder_norm.weight", Shape.of(64))
                            .toFloats());
        }
    }

    @Test
    void transformersRefusesAVideoModel() {
        assertThatThrownBy(() -> CheckpointWriter.inStyle(KeyStyle.TRANSFORMERS)
                        .write(directory.resolve("video"), VIDEO, formula(VIDEO)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("input_size [4, 64, 64]");
    }

    @Test
    void aDescriptionOfAnotherModelIsNotOverwritten() throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), "{\"other\": true}");
        assertThatThrownBy(() -> CheckpointWriter.inStyle(KeyStyle.OFFICIAL)
                        .write(directory.resolve("x.safetensors"), Fixtures.NANO, formula(Fixtures.NANO)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("describes another model");
        assertThat(config).content().isEqualTo("{\"other\": true}");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(config);
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path target = Files.writeString(directory.resolve("model.pth"), "old");
        HostTensor large = HostTensor.of(Shape.of(3), 1f, Float.NaN, 1e30f);
        WeightSource weights = new SingleWeight("w", large);
        assertThatThrownBy(() -> TorchCheckpointWriter.write(target, new ConvertedWeights(weights, DType.FLOAT16)))
                .isInstanceOf(HieraException.class)
                .hasMessage("memory: tensor 'w' contains 1.0000000150474662E30, which float16 cannot represent");
        assertThat(target).content().isEqualTo("old");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    void anUnknownEndingIsRefused() {
        assertThatThrownBy(() -> CheckpointWriter.inStyle(KeyStyle.OFFICIAL)
                        .write(directory.resolve("model.safetensor"), Fixtures.NANO, formula(Fixtures.NANO)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("unknown extension");
    }

    @Test
    void integerTensorsKeepTheirTypeInEveryFormat() {
        WeightSource steps = new ConvertedWeights(
                new SingleWeight("steps", HostTensor.of(Shape.of(3), 1L, -2L, 1L << 40)), DType.FLOAT16);
        Path safetensors = directory.resolve("steps.safetensors");
        Path torch = directory.resolve("steps.pth");
        SafetensorsWriter.write(safetensors, steps, Map.of());
        TorchCheckpointWriter.write(torch, steps);
        try (SafetensorsFile first = SafetensorsFile.open(safetensors);
                TorchCheckpoint second = TorchCheckpoint.open(torch)) {
            assertThat(first.read("steps").longs())
                    .isEqualTo(steps.read("steps").longs());
            assertThat(second.read("steps").longs())
                    .isEqualTo(steps.read("steps").longs());
        }
    }

    private static WeightSource formula(ModelConfig config) {
        return new FormulaWeights(config.inferenceGraph().parameters());
    }

    private static void assertHoldsFormula(Checkpoint checkpoint, DType dtype) {
        LoadReport.compare(checkpoint.config().inferenceGraph().parameters(), checkpoint.weights())
                .requireExact();
        for (String name : checkpoint.weights().names()) {
            HostTensor actual = checkpoint.weights().read(name);
            assertThat(actual.dtype()).isEqualTo(dtype);
            assertThat(actual.bytes())
                    .as(name)
                    .isEqualTo(FormulaWeights.tensor(name, actual.shape())
                            .to(dtype)
                            .bytes());
        }
    }
}
