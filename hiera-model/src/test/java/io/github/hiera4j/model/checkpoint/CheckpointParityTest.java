package io.github.hiera4j.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.LoadReport;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A checkpoint of another tool, with the configuration read or inferred from it, computes the golden outputs. */
public class CheckpointParityTest {
    private static final CompileOptions FLOAT64 = CompileOptions.DEFAULT.withDtype(DType.FLOAT64);

    @ParameterizedTest
    @CsvSource({
        "nano_official.pth, nano_image, 1e-12",
        "nano_official_legacy.pth, nano_image, 1e-12",
        "nano_official_fp64.pth, nano_image, 1e-12",
        "nano_official_fp16.pth, nano_image, 0.01",
        "nano_official_bf16.pth, nano_image, 0.03",
        "nano_bare_state_dict.pth, nano_image, 1e-12",
        "nano_ddp_training.pth, nano_image, 1e-12",
        "nano_views.pth, nano_image, 1e-12",
        "hf_nano, nano_image, 1e-12",
        "hf_nano_sharded, nano_image, 1e-12",
        "hub_official_nano, nano_image, 1e-12",
        "timm_nano, nano_image, 1e-12",
        "timm_nano_abswin, timm_nano_abswin, 1e-12",
        "nano_video_official.pth, nano_video, 1e-12",
        "mae_nano_official.pth, mae_nano_image, 1e-12",
        "hf_mae_nano, mae_nano_image, 1e-12",
    })
    void aCheckpointComputesItsGolden(String checkpointName, String caseName, double tolerance) {
        GoldenCase golden = Goldens.read(caseName);
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint(checkpointName))) {
            assertThat(checkpoint.config()).isEqualTo(golden.config());
            Graph graph = golden.graph();
            LoadReport.compare(checkpoint.config().inferenceGraph().parameters(), checkpoint.weights())
                    .requireExact();
            Map<String, HostTensor> outputs;
            try (Session session = new ReferenceBackend().compile(graph, checkpoint.weights(), FLOAT64)) {
                outputs = session.run(golden.feeds());
            }
            assertThat(golden.expected()).isNotEmpty();
            golden.expected().forEach((name, summary) -> {
                HostTensor actual = Objects.requireNonNull(outputs.get(name));
                assertThat(summary.compare(name, actual).relL2()).as(name).isLessThan(tolerance);
            });
        }
    }
}
