package io.github.hiera4j.model.parity;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.Fuzzing;
import io.github.hiera4j.model.testing.TestFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Files of figures are untrusted input: damaged ones are rejected with a one-line message, whatever the damage. */
class GoldenFuzzTest {
    private static final long LARGEST_COMPARED = 1 << 20;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nano_image",
                "nano_video",
                "mae_nano_image",
                "train_mae_nano_image",
                "train_supervised_nano_image",
                "hieradet_nano",
                "hieradet_nano_14_7",
                "resized_nano_bicubic",
                "resized_nano_video",
                "abswin_nano",
                "hieradet_tiny_as_hiera_224"
            })
    void aDamagedFileIsRefusedWithOneLine(String name) {
        JsonNode golden = Json.read(TestFiles.golden(name));
        Path file = directory.resolve("case.json");
        Fuzzing.run("golden " + name, 0.3, 400, random -> {
            Files.writeString(file, Fuzzing.damaged(golden, random).toString());
            for (ParityCase parityCase : GoldenFile.read(file)) {
                use(parityCase);
            }
        });
    }

    /** Does everything that a run does, except for computing the network. */
    private static void use(ParityCase parityCase) {
        Graph graph = parityCase.graph();
        parityCase.weights().names();
        Map<String, HostTensor> feeds = parityCase.feeds();
        int batch = feeds.values().iterator().next().shape().size(0);
        Graph concrete = graph.withBatch(batch);
        parityCase.expected().forEach((output, summary) -> {
            Shape shape = graph.outputs().containsKey(output)
                    ? concrete.output(output).shape()
                    : summary.shape();
            if (shape.elements() <= LARGEST_COMPARED) {
                summary.compare(output, HostTensor.allocate(DType.FLOAT32, shape));
            }
        });
    }
}
