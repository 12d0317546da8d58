package io.github.hiera4j.model.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.FiniteWeights;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the life cycle of an engine's sessions; the tests of each engine extend this class. */
public abstract class SessionLifecycle {
    private static final Path TASKS = Path.of("/proc/self/task");

    @TempDir
    Path directory;

    private final String name;

    protected SessionLifecycle(String name) {
        this.name = name;
    }

    /** Returns the engine's native bytes in the whole process. */
    protected abstract long liveBytes();

    private Backend backend() {
        return Backends.named(name);
    }

    private Session open(Path checkpoint, CompileOptions options) {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            return backend()
                    .compile(
                            opened.config().inferenceGraph().select(Hiera.LOGITS),
                            new FiniteWeights(opened.weights()),
                            options);
        }
    }

    private static Path nano() {
        return TestFiles.checkpoint("nano_official.pth");
    }

    private static Map<String, HostTensor> feeds(int batch) {
        return Map.of(HieraEncoder.INPUT, FormulaWeights.tensor("input", Shape.of(batch, 3, 64, 64)));
    }

    private static float[] logits(Session session, Map<String, HostTensor> feeds) {
        return Objects.requireNonNull(session.run(feeds).get(Hiera.LOGITS)).toFloats();
    }

    @Test
    void aClosedSessionSaysSoAndHoldsNothing() {
        long before = liveBytes();
        Session session = open(nano(), CompileOptions.DEFAULT);
        session.run(feeds(1));
        assertThat(session.nativeBytes()).isPositive();
        session.close();
        session.close();
        assertThat(session.nativeBytes()).isZero();
        assertThat(liveBytes()).isEqualTo(before);
        assertThatThrownBy(() -> session.run(feeds(1)))
                .isInstanceOf(HieraException.class)
                .hasMessage("the model is closed: load it again to use it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nano_official.pth", "nano_official_legacy.pth", "hf_nano/model.safetensors"})
    void aLoadedModelDoesNotDependOnItsFile(String checkpoint) throws Exception {
        Path source = TestFiles.checkpoint(checkpoint);
        Path target = directory.resolve(source.getFileName());
        Files.copy(source, target);
        Path config = source.resolveSibling("config.json");
        if (checkpoint.contains("/") && Files.exists(config)) {
            Files.copy(config, directory.resolve("config.json"));
        }
        float[] expected;
        try (Session untouched = open(source, CompileOptions.DEFAULT)) {
            expected = logits(untouched, feeds(2));
        }
        try (Session session = open(target, CompileOptions.DEFAULT);
                RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
            file.write(new byte[(int) file.length()]);
            file.setLength(100);
            assertThat(logits(session, feeds(2))).containsExactly(expected);
        }
    }

    @Test
    void aSessionThatIsNeverClosedIsLoggedAndFreed() throws Exception {
        long before = liveBytes();
        List<String> warnings = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                warnings.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.github.hiera4j");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            openAndForget();
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (liveBytes() != before && System.nanoTime() < deadline) {
                System.gc();
                Thread.sleep(20);
            }
            assertThat(liveBytes()).isEqualTo(before);
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .isEqualTo("a model on backend '" + name
                            + "' was never closed: its native memory was held until now;" + " use try-with-resources");
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    private void openAndForget() {
        assertThat(open(nano(), CompileOptions.DEFAULT).run(feeds(1))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8, 16})
    void aBatchGivesWhatItsSamplesGiveAlone(int size) {
        try (Session session = open(nano(), CompileOptions.DEFAULT)) {
            HostTensor batch = Objects.requireNonNull(feeds(size).get(HieraEncoder.INPUT));
            float[] together = logits(session, Map.of(HieraEncoder.INPUT, batch));
            int classes = together.length / size;
            for (int sample = 0; sample < size; sample++) {
                HostTensor alone = batch.slice(sample).reshape(Shape.of(1, 3, 64, 64));
                float[] scores = logits(session, Map.of(HieraEncoder.INPUT, alone));
                for (int i = 0; i < classes; i++) {
                    assertThat(together[sample * classes + i])
                            .as("class %d of sample %d", i, sample)
                            .isCloseTo(scores[i], org.assertj.core.data.Offset.offset(1e-5f));
                }
            }
        }
    }

    @Test
    void manyThreadsLeaveNoneBehind() throws Exception {
        assumeTrue(Files.isDirectory(TASKS), "threads are counted through /proc, which this system does not have");
        try (Session warmUp = open(nano(), CompileOptions.DEFAULT)) {
            warmUp.run(feeds(1));
        }
        long before = threads();
        try (Session session = open(nano(), CompileOptions.DEFAULT.withThreads(24))) {
            session.run(feeds(8));
        }
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (threads() > before + 2 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(threads()).isLessThanOrEqualTo(before + 2);
    }

    private static long threads() throws Exception {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.count();
        }
    }

    @Test
    void moreThreadsThanAnyProcessorHasAreRefused() {
        assertThatThrownBy(() -> CompileOptions.DEFAULT.withThreads(4096))
                .isInstanceOf(HieraException.class)
                .hasMessageMatching("threads must be 0 \\(automatic\\) to \\d+, got 4096");
    }

    /** Weights are native memory: a small Java heap, without any option or environment variable, must not limit them. */
    @Test
    void aHeapSmallerThanTheWeightsIsEnough() throws Exception {
        JvmProcess.Result result = JvmProcess.of(SmallHeap.class)
                .withOptions("-Xmx64m")
                .withoutEnvironment("OMP_WAIT_POLICY")
                .withoutEnvironment("GOMP_SPINCOUNT")
                .withEnvironment("OMP_DISPLAY_ENV", "VERBOSE")
                .run(240, name);
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("51 classes scored");
        if (System.getProperty("os.name").equals("Linux")) {
            assertThat(result.output()).contains("GOMP_SPINCOUNT = '1000'");
        }
    }

    /** Loads and runs hiera_tiny_224, 112 MB of weights. */
    static final class SmallHeap {
        private SmallHeap() {}

        public static void main(String[] arguments) {
            var config = HieraVariant.HIERA_TINY_224.config().toBuilder()
                    .numClasses(51)
                    .build();
            var graph = config.inferenceGraph().select(Hiera.LOGITS);
            Map<String, HostTensor> image =
                    Map.of(HieraEncoder.INPUT, FormulaWeights.tensor("input", Shape.of(1, 3, 224, 224)));
            try (Session session = Backends.named(arguments[0])
                    .compile(graph, new FormulaWeights(graph.parameters()), CompileOptions.DEFAULT)) {
                System.out.println(logits(session, image).length + " classes scored");
            }
        }
    }

    /** One process for everything: memory and threads first, before anything else has run. */
    @Test
    void openingRunningDamagingAndClosingIsSafeAndLeavesMemoryFlat() throws Exception {
        if (Files.isDirectory(TASKS)) { // memory is read from it; not every system has it
            assertStressed(240, "reopen", 24, "damage", 20, "close", 4);
        } else {
            assertStressed(240, "damage", 20, "close", 4);
        }
    }

    @Tag("slow")
    @Test
    void closingFortyTimesWhileEightThreadsRunIsSafe() throws Exception {
        assertStressed(580, "close", 40);
    }

    @Tag("slow")
    @Test
    void loadingFourHundredTimesWhileTheFileIsTruncatedAndOverwrittenIsSafe() throws Exception {
        assertStressed(580, "damage", 400);
    }

    @Tag("slow")
    @Test
    void openingAndClosingThreeHundredTimesLeavesMemoryAndThreadsFlat() throws Exception {
        assumeTrue(Files.isDirectory(TASKS), "memory is read from /proc, which this system does not have");
        assertStressed(580, "reopen", 300);
    }

    private void assertStressed(int limitSeconds, Object... whatAndRounds) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of(name));
        arguments.addAll(List.of(whatAndRounds));
        JvmProcess.Result result = JvmProcess.of(SessionStress.class).run(limitSeconds, arguments.toArray());
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).endsWith("ok\n");
    }

    @Test
    void aFailedLoadLeavesNothing() {
        long before = liveBytes();
        GoldenCase golden = Goldens.read("nano_image");
        GoldenCase other = Goldens.read("nano_image_64x96");
        assertThatThrownBy(() -> backend().compile(golden.graph(), other.weights(), CompileOptions.DEFAULT))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("'pos_embed' has shape");
        assertThat(liveBytes()).isEqualTo(before);
    }
}
