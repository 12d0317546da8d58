package io.github.hiera4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class TorchSessionTest {
    private final GoldenCase golden = Goldens.read("nano_image");

    private Session session(CompileOptions options) {
        return new TestedTorch().compile(golden.config().inferenceGraph(), golden.weights(), options);
    }

    private static float[] logits(Session session, Map<String, HostTensor> feeds) {
        return Objects.requireNonNull(session.run(feeds, List.of(Hiera.LOGITS)).get(Hiera.LOGITS))
                .toFloats();
    }

    @Test
    void twoHundredRunsLeaveNativeMemoryAsItWas() {
        long tensorsBefore = TorchMemory.liveTensors();
        long bytesBefore = TorchMemory.liveBytes();
        try (Session session = session(CompileOptions.DEFAULT)) {
            Map<String, HostTensor> feeds = golden.feeds();
            IntStream.range(0, 20).forEach(i -> session.run(feeds));
            long tensorsLoaded = TorchMemory.liveTensors();
            long javaCppBytes = Pointer.totalBytes();
            long pagesBefore = Pointer.physicalBytes();
            IntStream.range(0, 200).forEach(i -> session.run(feeds));
            assertThat(TorchMemory.liveTensors()).isEqualTo(tensorsLoaded);
            assertThat(TorchMemory.liveBytes() - bytesBefore).isEqualTo(session.nativeBytes());
            assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(javaCppBytes);
            assertThat(Pointer.physicalBytes() - pagesBefore).isLessThan(64L << 20);
        }
        assertThat(TorchMemory.liveTensors()).isEqualTo(tensorsBefore);
        assertThat(TorchMemory.liveBytes()).isEqualTo(bytesBefore);
    }

    @Test
    void fourThreadsOnOneSessionGetWhatOneGets() throws Exception {
        try (Session session = session(CompileOptions.DEFAULT)) {
            Map<String, HostTensor> feeds = golden.feeds();
            float[] alone = logits(session, feeds);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<float[]>> results = IntStream.range(0, 40)
                        .mapToObj(i -> threads.submit(() -> logits(session, feeds)))
                        .toList();
                for (Future<float[]> result : results) {
                    assertThat(result.get()).containsExactly(alone);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void bfloat16IsTheFastestTypeWhereTheProcessorHasInstructionsForIt() throws Exception {
        Path processors = Path.of("/proc/cpuinfo");
        assumeTrue(System.getProperty("os.arch").equals("amd64") && Files.exists(processors), "needs Linux and x86-64");
        assumeTrue(System.getenv("ONEDNN_MAX_CPU_ISA") == null, "instructions are disabled");
        boolean hasInstructions = Files.readString(processors).contains("avx512_bf16");
        assertThat(new TorchBackend().typesBySpeed("cpu"))
                .isEqualTo(hasInstructions ? List.of(DType.BFLOAT16, DType.FLOAT32) : List.of(DType.FLOAT32));
    }

    @Test
    void anyBatchSizeGivesTheSamePerSample() {
        try (Session session = session(CompileOptions.DEFAULT)) {
            HostTensor pair = Objects.requireNonNull(golden.feeds().get(HieraEncoder.INPUT));
            float[] together = logits(session, Map.of(HieraEncoder.INPUT, pair));
            HostTensor second = pair.slice(1).reshape(Shape.of(1, 3, 64, 64));
            float[] alone = logits(session, Map.of(HieraEncoder.INPUT, second));
            for (int i = 0; i < alone.length; i++) {
                assertThat(alone[i]).isCloseTo(together[alone.length + i], org.assertj.core.data.Offset.offset(1e-6f));
            }
        }
    }

    @Test
    void theThreadCountOfARunIsUndoneAfterIt() {
        int before = org.bytedeco.pytorch.global.torch.get_num_threads();
        try (Session session = session(CompileOptions.DEFAULT.withThreads(before + 1))) {
            session.run(golden.feeds());
        }
        assertThat(org.bytedeco.pytorch.global.torch.get_num_threads()).isEqualTo(before);
    }

    @Test
    void feedsOfAnotherShapeTypeOrNameAreRefusedBeforeNativeCodeRuns() {
        try (Session session = session(CompileOptions.DEFAULT)) {
            assertThatThrownBy(() -> session.run(Map.of()))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("'input' [B, 3, 64, 64] was not fed");
            HostTensor small = HostTensor.of(Shape.of(1, 3, 2, 2), new float[12]);
            assertThatThrownBy(() -> session.run(Map.of(HieraEncoder.INPUT, small)))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("must be float32 [B, 3, 64, 64], got float32 [1, 3, 2, 2]");
        }
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() {
        if (!org.bytedeco.pytorch.global.torch.cuda_is_available()) {
            CompileOptions options = CompileOptions.DEFAULT.withDevice("cuda");
            assertThatThrownBy(() ->
                            new TorchBackend().compile(golden.config().inferenceGraph(), golden.weights(), options))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("device 'cuda' is not available");
        }
    }

    @Test
    void aFailedLoadLeavesNothingBehind() {
        long before = TorchMemory.liveTensors();
        GoldenCase other = Goldens.read("nano_image_64x96");
        assertThatThrownBy(() -> new TorchBackend()
                        .compile(golden.config().inferenceGraph(), other.weights(), CompileOptions.DEFAULT))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("'pos_embed' has shape [1, 384, 8], the model expects [1, 256, 8]");
        assertThat(TorchMemory.liveTensors()).isEqualTo(before);
    }
}
