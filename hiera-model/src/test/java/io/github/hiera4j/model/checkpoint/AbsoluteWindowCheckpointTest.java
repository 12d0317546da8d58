package io.github.hiera4j.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.GoldenFile;
import io.github.hiera4j.model.parity.ParityCase;
import io.github.hiera4j.model.parity.SizedCase;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** timm's models with absolute-window position embeddings: read, run at any size, written. */
class AbsoluteWindowCheckpointTest {
    private static final CompileOptions FLOAT64 = CompileOptions.DEFAULT.withDtype(DType.FLOAT64);

    @TempDir
    Path directory;

    @Test
    void aCheckpointComputesItsGoldensAtEverySize() {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("timm_nano_abswin_64"))) {
            assertComputesItsGoldens(checkpoint);
        }
    }

    @Test
    void aCheckpointThatIsWrittenForTimmIsTheSameAgain() {
        Path copy = directory.resolve("copy");
        HieraConfig config;
        try (Checkpoint original = Checkpoint.open(Fixtures.checkpoint("timm_nano_abswin_64"))) {
            config = (HieraConfig) original.config();
            CheckpointWriter.inStyle(KeyStyle.TIMM).write(copy, config, original.weights());
        }
        try (Checkpoint written = Checkpoint.open(copy)) {
            assertThat(written.config()).isEqualTo(config);
            assertComputesItsGoldens(written);
        }
    }

    private static void assertComputesItsGoldens(Checkpoint checkpoint) {
        HieraConfig trained = checkpoint.config().encoder();
        assertThat(trained.inputSize()).containsExactly(64, 64);
        List<ParityCase> cases = GoldenFile.read(TestFiles.golden("abswin_nano"));
        assertThat(cases).hasSize(4);
        for (ParityCase golden : cases) {
            SizedCase sized = (SizedCase) golden;
            List<Integer> size =
                    List.of(sized.inputShape().size(2), sized.inputShape().size(3));
            Map<String, HostTensor> outputs;
            try (Session session = new ReferenceBackend()
                    .compile(trained.resized(size).inferenceGraph(), checkpoint.weights(), FLOAT64)) {
                outputs = session.run(sized.feeds(), List.of("logits"));
            }
            HostTensor logits = Objects.requireNonNull(outputs.get("logits"));
            assertThat(Objects.requireNonNull(sized.expected().get("logits"))
                            .compare("logits", logits)
                            .relL2())
                    .as(golden.name())
                    .isLessThan(1e-12);
        }
    }

    /** The base model projects its skips, the small one concatenates them: timm writes only the differences from the architecture. */
    @Test
    void anArchitectureWithoutArgumentsIsTheOneThatTimmBuilds() throws IOException {
        for (HieraVariant variant : List.of(HieraVariant.HIERA_SMALL_ABSWIN_256, HieraVariant.HIERA_BASE_ABSWIN_256)) {
            assertThat(variant.config().useExpandProj()).isEqualTo(variant == HieraVariant.HIERA_BASE_ABSWIN_256);
            Path copy = directory.resolve(variant.officialName());
            HieraConfig narrow = variant.config().toBuilder().embedDim(8).build();
            CheckpointWriter.inStyle(KeyStyle.TIMM)
                    .write(
                            copy,
                            narrow,
                            new FormulaWeights(narrow.inferenceGraph().parameters()));
            JsonNode json = JsonMapper.shared().readTree(Files.readString(copy.resolve("config.json")));
            assertThat(json.path("architecture").asString()).isEqualTo(variant.officialName());
            assertThat(json.path("model_args").propertyNames()).containsExactly("embed_dim");
            try (Checkpoint written = Checkpoint.open(copy)) {
                assertThat(written.config()).isEqualTo(narrow);
            }
        }
    }
}
