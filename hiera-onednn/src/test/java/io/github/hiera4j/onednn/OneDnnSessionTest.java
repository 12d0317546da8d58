package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.StepTime;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How sessions behave: batches, threads, memory, refusals. */
class OneDnnSessionTest {
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final GoldenCase NANO = Goldens.read("nano_image");

    private static OneDnnSession open(CompileOptions options) {
        return new OneDnnBackend().compile(NANO.graph().select(Hiera.LOGITS), NANO.weights(), options);
    }

    private static Map<String, HostTensor> input(int batch, int seed) {
        int[] sizes = NANO.inputShape().sizes();
        sizes[0] = batch;
        return Map.of("input", FormulaWeights.tensor("input" + seed, Shape.of(sizes)));
    }

    private static float[] logits(Map<String, HostTensor> outputs) {
        return Objects.requireNonNull(outputs.get(Hiera.LOGITS)).toFloats();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 8, 9, 16, 17, 64})
    void aBatchGivesWhatItsSamplesGiveAlone(int size) {
        try (OneDnnSession session = open(CompileOptions.DEFAULT)) {
            Map<String, HostTensor> batch = input(size, 1);
            float[] together = logits(session.run(batch));
            int classes = together.length / size;
            for (int sample = 0; sample < size; sample++) {
                HostTensor pixels = Objects.requireNonNull(batch.get("input")).slice(sample);
                int[] sizes = NANO.inputShape().sizes();
                sizes[0] = 1;
                float[] alone = logits(session.run(Map.of("input", pixels.reshape(Shape.of(sizes)))));
                for (int i = 0; i < classes; i++) {
                    assertThat(together[sample * classes + i]).isCloseTo(alone[i], within(1e-5f));
                }
            }
        }
    }

    private static org.assertj.core.data.Offset<Float> within(float tolerance) {
        return org.assertj.core.data.Offset.offset(tolerance);
    }

    @Test
    void aBatchThatIsDividedGivesWhatItsSamplesGiveAlone() {
        GoldenCase tiny = Goldens.read("hiera_tiny_224");
        try (OneDnnSession session = new OneDnnBackend()
                .compile(tiny.graph().select(Hiera.LOGITS), tiny.weights(), CompileOptions.DEFAULT)) {
            HostTensor pixels = FormulaWeights.tensor("input", Shape.of(7, 3, 224, 224));
            float[] together = logits(session.run(Map.of("input", pixels)));
            HostTensor last = pixels.slice(6).reshape(Shape.of(1, 3, 224, 224));
            float[] alone = logits(session.run(Map.of("input", last)));
            for (int i = 0; i < alone.length; i++) {
                assertThat(together[6 * alone.length + i]).isCloseTo(alone[i], within(1e-4f));
            }
        }
    }

    @Test
    void onlyWhatIsAskedForIsComputed() {
        try (OneDnnSession session =
                new OneDnnBackend().compile(NANO.graph(), NANO.weights(), CompileOptions.DEFAULT)) {
            Map<String, HostTensor> first = session.run(input(1, 1), List.of(Hiera.stage(1)));
            assertThat(first).containsOnlyKeys(Hiera.stage(1));
            assertThat(session.profile(input(1, 1), List.of(Hiera.stage(1))))
                    .noneMatch(step -> step.node().startsWith("head"));
            Map<String, HostTensor> all = session.run(input(1, 1));
            assertThat(all.keySet())
                    .containsExactlyElementsOf(NANO.graph().outputs().keySet());
            assertThat(Objects.requireNonNull(all.get(Hiera.stage(1))).toFloats())
                    .containsExactly(
                            Objects.requireNonNull(first.get(Hiera.stage(1))).toFloats());
        }
    }

    @Test
    void moreBatchSizesThanPlansAreKeptStillGiveTheSameFigures() {
        try (OneDnnSession session = open(CompileOptions.DEFAULT)) {
            float[] first = logits(session.run(input(1, 7)));
            for (int batch = 2; batch <= 12; batch++) {
                session.run(input(batch, batch));
            }
            assertThat(logits(session.run(input(1, 7)))).containsExactly(first);
        }
    }

    @Test
    void callersOnManyThreadsGetTheirOwnAnswers() throws Exception {
        for (int threads : new int[] {1, 2}) {
            try (OneDnnSession session = open(CompileOptions.DEFAULT.withThreads(threads))) {
                List<float[]> expected = new ArrayList<>();
                for (int seed = 0; seed < 4; seed++) {
                    expected.add(logits(session.run(input(2, seed))));
                }
                ExecutorService callers = Executors.newFixedThreadPool(4);
                List<Future<?>> calls = new ArrayList<>();
                for (int caller = 0; caller < 4; caller++) {
                    int seed = caller;
                    calls.add(callers.submit(() -> {
                        for (int round = 0; round < 15; round++) {
                            assertThat(logits(session.run(input(2, seed)))).containsExactly(expected.get(seed));
                        }
                    }));
                }
                for (Future<?> call : calls) {
                    call.get();
                }
                callers.shutdown();
            }
        }
    }

    /** OpenMP's threads have the name of the thread that started them, so Linux can count them. */
    @Test
    void aRunUsesAsManyThreadsAsItsSessionSays() throws Exception {
        assumeTrue(Files.isDirectory(TASKS), "threads are counted through /proc, which this system lacks");
        for (int threads : new int[] {1, 3}) {
            awaitNoThreads();
            try (OneDnnSession session = open(CompileOptions.DEFAULT.withThreads(threads))) {
                session.run(input(8, 1));
                assertThat(namedThreads()).isEqualTo(threads);
            }
        }
    }

    /** The threads of closed sessions end on their own, shortly afterwards. */
    private static void awaitNoThreads() throws Exception {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (namedThreads() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        assertThat(namedThreads()).as("threads of closed sessions").isZero();
    }

    private static long namedThreads() throws Exception {
        long count = 0;
        try (Stream<Path> tasks = Files.list(TASKS)) {
            for (Path task : tasks.toList()) {
                count += isRunner(task.resolve("comm")) ? 1 : 0;
            }
        }
        return count;
    }

    private static boolean isRunner(Path comm) throws Exception {
        try {
            return Files.readString(comm).strip().equals("hiera-onednn");
        } catch (NoSuchFileException ended) {
            return false;
        }
    }

    @Test
    void runsAllocateFewJavaObjectsAndNoNativeMemory() {
        assertSteady(300);
    }

    @Tag("slow")
    @Test
    void fiveThousandRunsLeaveNativeMemoryWhereItWas() {
        assertSteady(5000);
    }

    private static void assertSteady(int runs) {
        try (OneDnnSession session = open(CompileOptions.DEFAULT.withThreads(1))) {
            Map<String, HostTensor> input = input(1, 3);
            for (int warmUp = 0; warmUp < 50; warmUp++) {
                session.run(input);
            }
            long nativeBytes = session.nativeBytes();
            long liveBytes = OneDnnSession.liveNativeBytes();
            ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = allocated(beans);
            for (int run = 0; run < runs; run++) {
                session.run(input);
            }
            long perRun = (allocated(beans) - before) / runs;
            assertThat(session.nativeBytes()).isEqualTo(nativeBytes);
            assertThat(OneDnnSession.liveNativeBytes()).isEqualTo(liveBytes);
            assertThat(perRun).as("bytes of Java objects per run").isLessThan(16 * 1024);
        }
    }

    private static long allocated(ThreadMXBean beans) {
        long total = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("hiera-onednn") || thread == Thread.currentThread()) {
                total += Math.max(0, beans.getThreadAllocatedBytes(thread.getId()));
            }
        }
        return total;
    }

    @Test
    void closingGivesAllNativeMemoryBack() {
        long before = OneDnnSession.liveNativeBytes();
        try (OneDnnSession session = open(CompileOptions.DEFAULT)) {
            session.run(input(1, 1));
            assertThat(session.nativeBytes()).isPositive();
        }
        assertThat(OneDnnSession.liveNativeBytes()).isEqualTo(before);
    }

    @Test
    void aProfileNamesEveryStepAndCountsTheWork() {
        try (OneDnnSession session = open(CompileOptions.DEFAULT)) {
            List<StepTime> steps = session.profile(input(1, 1), List.of(Hiera.LOGITS));
            long counted =
                    steps.stream().mapToLong(StepTime::multiplyAccumulates).sum();
            long stated = NANO.graph().select(Hiera.LOGITS).nodes().stream()
                    .mapToLong(node -> node.op().multiplyAccumulates(node.inputShapes(), node.shape()))
                    .sum();
            assertThat(counted).isEqualTo(stated);
            assertThat(steps).anySatisfy(step -> {
                assertThat(step.node()).isEqualTo("blocks.0.mlp.fc1");
                assertThat(step.kind()).isEqualTo("Linear+GELU");
                assertThat(step.implementation()).isNotBlank();
            });
        }
    }

    @Test
    void whatTheBackendCannotDoIsRefusedInOneLine() {
        OneDnnBackend backend = new OneDnnBackend();
        assertThatThrownBy(() ->
                        backend.compile(NANO.graph(), NANO.weights(), CompileOptions.DEFAULT.withDtype(DType.FLOAT16)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("float32, bfloat16 or int8, not in float16");
        assertThatThrownBy(
                        () -> backend.compile(NANO.graph(), NANO.weights(), CompileOptions.DEFAULT.withDevice("cuda")))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("cpu");
        HieraConfig dropping =
                NANO.config().encoder().toBuilder().dropPathRate(0.1).build();
        var training = new Hiera(dropping).trainingGraph().select(Hiera.LOGITS);
        try (OneDnnSession session = backend.compile(training, NANO.weights(), CompileOptions.DEFAULT)) {
            assertThatThrownBy(() -> session.run(input(1, 1)))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("inference graphs only");
        }
    }
}
