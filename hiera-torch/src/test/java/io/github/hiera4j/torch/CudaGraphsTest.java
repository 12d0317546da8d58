package io.github.hiera4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.SizeTPointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recorded runs on a GPU compute what separate kernels compute. */
class CudaGraphsTest {
    private final GoldenCase golden = Goldens.read("nano_image");

    @BeforeEach
    void needsAGpu() {
        assumeTrue(TestedTorch.hasGpu(), "needs a GPU and -Pgpu");
    }

    private Session session(DType dtype) {
        return new TorchBackend()
                .compile(
                        golden.config().inferenceGraph(),
                        golden.weights(),
                        CompileOptions.DEFAULT.withDevice("cuda").withDtype(dtype));
    }

    private static HostTensor pixels(int batch, long seed) {
        Random random = new Random(seed);
        float[] values = new float[batch * 3 * 64 * 64];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return HostTensor.of(Shape.of(batch, 3, 64, 64), values);
    }

    private static float[] logits(Session session, HostTensor pixels) {
        return Objects.requireNonNull(session.run(Map.of(HieraEncoder.INPUT, pixels), List.of(Hiera.LOGITS))
                        .get(Hiera.LOGITS))
                .toFloats();
    }

    private static void assertEqual(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-6f));
        }
    }

    /** What the first run of a session computes, which starts one kernel after another. */
    private float[] unrecorded(DType dtype, HostTensor pixels) {
        try (Session fresh = session(dtype)) {
            float[] result = logits(fresh, pixels);
            assertThat(recordings(fresh)).isZero();
            return result;
        }
    }

    private static int recordings(Session session) {
        return ((TorchSession) session).recordings();
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT16", "BFLOAT16"})
    void recordedRunsOfAnyBatchComputeNewInputsLikeSeparateKernels(DType dtype) {
        for (int batch : new int[] {1, 2, 5, 8, 16}) {
            try (Session recorded = session(dtype)) {
                for (long seed = 0; seed < 4; seed++) { // the second run records, later ones only launch
                    float[] actual = logits(recorded, pixels(batch, seed));
                    assertThat(recordings(recorded)).isEqualTo(seed == 0 ? 0 : 1);
                    assertEqual(actual, unrecorded(dtype, pixels(batch, seed)));
                }
            }
        }
    }

    @Test
    void moreShapesThanRecordingsAreComputedCorrectlyInAnyOrder() {
        try (Session session = session(DType.FLOAT32)) {
            for (int round = 0; round < 4; round++) {
                for (int batch = 1; batch <= 11; batch++) {
                    HostTensor pixels = pixels(batch, 100L * round + batch);
                    assertEqual(logits(session, pixels), unrecorded(DType.FLOAT32, pixels));
                }
            }
            assertThat(recordings(session)).isEqualTo(8);
        }
    }

    @Test
    void eightThreadsOnTwoSessionsGetTheirOwnResults() throws Exception {
        try (Session one = session(DType.FLOAT32);
                Session other = session(DType.FLOAT32)) {
            List<float[]> expected = new ArrayList<>();
            for (int seed = 0; seed < 8; seed++) {
                expected.add(logits(one, pixels(1 + seed % 3, seed)));
            }
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Future<float[]>> results = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    int seed = i % 8;
                    Session session = i % 2 == 0 ? one : other;
                    results.add(threads.submit(() -> logits(session, pixels(1 + seed % 3, seed))));
                }
                for (int i = 0; i < 200; i++) {
                    assertEqual(results.get(i).get(), expected.get(i % 8));
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void theMemoryOfTheGpuIsTheSameAfterFiftySessions() {
        long tensors = TorchMemory.liveTensors();
        for (int round = 0; round < 5; round++) {
            useAndClose();
        }
        long before = freeBytes();
        for (int round = 0; round < 50; round++) {
            useAndClose();
        }
        assertThat(TorchMemory.liveTensors()).isEqualTo(tensors);
        assertThat(before - freeBytes()).isLessThan(64L << 20);
    }

    private void useAndClose() {
        try (Session session = session(DType.BFLOAT16)) {
            for (int run = 0; run < 4; run++) {
                logits(session, pixels(8, run));
            }
            assertThat(recordings(session)).isEqualTo(1);
        }
    }

    private static long freeBytes() {
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            assertThat(cudart.cudaMemGetInfo(free, total)).isZero();
            return free.get();
        }
    }
}
