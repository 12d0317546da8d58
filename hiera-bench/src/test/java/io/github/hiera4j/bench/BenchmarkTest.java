package io.github.hiera4j.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.timing.Repeats;
import io.github.hiera4j.model.timing.Spread;
import io.github.hiera4j.onednn.OneDnnBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Measurements of a model that takes a millisecond. */
class BenchmarkTest {
    private static final Repeats BRIEF = new Repeats(1, 3, 5, 0.1);

    private static BenchmarkCase small(Backend backend, int batch) {
        HieraConfig config = HieraConfig.image()
                .inputSize(List.of(64, 64))
                .embedDim(16)
                .numHeads(1)
                .stages(List.of(1, 1, 1, 1))
                .numClasses(10)
                .build();
        return BenchmarkCase.of("small", config, backend, CompileOptions.DEFAULT, batch);
    }

    @Test
    void aResultIsConsistentInItself() {
        BenchmarkResult result = new Benchmark(BRIEF).run(small(new OneDnnBackend(), 4));
        assertThat(result.samplesPerSecond()).isCloseTo(4e3 / result.time().median(), within(1e-6));
        assertThat(result.gflops()).isPositive();
        assertThat(result.peakFraction()).isBetween(0.0, 1.2);
        assertThat(result.nativeMegabytes()).isPositive();
        assertThat(result.toJson())
                .containsKeys(
                        "model",
                        "backend",
                        "dtype",
                        "batch",
                        "threads",
                        "milliseconds",
                        "samplesPerSecond",
                        "gflops",
                        "peakFraction",
                        "nativeMb");
    }

    @Test
    void aProfileAddsUpByKindAndByStage() {
        Profile profile = new Benchmark(BRIEF).profile(small(new OneDnnBackend(), 2));
        assertThat(profile.stages().stream().map(Profile.Entry::name))
                .containsExactly("patches", "stage 1", "stage 2", "stage 3", "stage 4", "head");
        // Four blocks for each part into which the machine's threads divide the batch.
        assertThat(profile.kinds())
                .anyMatch(kind -> kind.name().equals("Linear+GELU") && kind.steps() >= 4 && kind.steps() % 4 == 0);
        for (List<Profile.Entry> entries : List.of(profile.kinds(), profile.stages())) {
            double sum =
                    entries.stream().mapToDouble(Profile.Entry::milliseconds).sum();
            assertThat(sum).isCloseTo(profile.totalMilliseconds(), within(1e-6));
        }
    }

    @Test
    void anyGraphIsTimedAndProfiledButOnlyHieraInInt8() {
        HieraConfig config = small(new OneDnnBackend(), 1).hiera().orElseThrow();
        LadderConfig rung = LadderConfig.of(config, Rung.A);
        BenchmarkCase measured = BenchmarkCase.of("rung a", rung, new OneDnnBackend(), CompileOptions.DEFAULT, 2);
        RunTime time = new Benchmark(BRIEF).time(measured);
        assertThat(time.samplesPerSecond()).isCloseTo(2e3 / time.time().median(), within(1e-6));
        assertThat(time.nativeBytes()).isPositive();
        Profile profile = new Benchmark(BRIEF).profile(measured);
        assertThat(profile.stages().stream().map(Profile.Entry::name)).containsExactly("patches", "blocks", "head");
        assertThat(profile.kinds()).anyMatch(kind -> kind.name().equals("DepthwiseConvolution"));

        CompileOptions int8 = CompileOptions.DEFAULT.withDtype(DType.INT8);
        assertThatThrownBy(
                        () -> new Benchmark(BRIEF).time(BenchmarkCase.of("rung a", rung, new OneDnnBackend(), int8, 2)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("Hiera alone");
    }

    @Test
    void aBackendThatCannotProfileSaysSo() {
        assertThatThrownBy(() -> new Benchmark(BRIEF).profile(small(new ReferenceBackend(), 1)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("cannot profile");
    }

    @Test
    void theMedianIgnoresAnInterruptedRun() {
        Spread spread = Spread.ofNanoseconds(1_000_000, 1_100_000, 900_000, 50_000_000, 1_000_000);
        assertThat(spread.median()).isEqualTo(1.0);
        assertThat(spread.maximum()).isEqualTo(50.0);
        assertThat(spread.relative()).isCloseTo(0.05, within(1e-9));
    }

    @Test
    void repeatsStopAtTheirLimits() {
        int[] runs = {0};
        assertThat(new Repeats(2, 3, 10, 0).measure(() -> runs[0]++)).hasSize(3);
        assertThat(runs[0]).isEqualTo(5);
        assertThat(new Repeats(1, 1, 4, 3600).measure(() -> runs[0]++)).hasSize(4);
        assertThatThrownBy(() -> new Repeats(1, 5, 4, 1)).isInstanceOf(HieraException.class);
    }

    @Test
    void theSelfTestPassesForWorkingBackends() {
        SelfTest.Result result = SelfTest.run(new OneDnnBackend());
        assertThat(result.passed()).as(result.detail()).isTrue();
        assertThat(result.relativeError()).isLessThan(5e-6);
    }

    @Test
    void theMachineNamesItsProcessor() {
        Machine machine = Machine.current();
        assertThat(machine.processor()).isNotBlank();
        assertThat(machine.processors()).isPositive();
        assertThat(machine.java()).startsWith(Integer.toString(Runtime.version().feature()));
    }
}
