package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.testing.JvmProcess;
import io.github.hiera4j.onednn.primitive.InstructionSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The backend's name, priority and supported types. */
class OneDnnBackendTest {
    @Test
    void theServiceLoaderFindsItAndPrefersIt() {
        assertThat(Backends.preferred(CompileOptions.DEFAULT)).isInstanceOf(OneDnnBackend.class);
        assertThat(Backends.named("onednn")).isInstanceOf(OneDnnBackend.class);
    }

    @Test
    void itsAvailabilityNamesVersionAndInstructionSet() {
        assertThat(new OneDnnBackend().availability().detail()).matches("oneDNN 3\\.\\d+\\.\\d+, .+");
    }

    @Test
    void bfloat16NeedsAvx512() {
        assertThat(InstructionSet.AVX2.computes(DType.BFLOAT16)).isFalse();
        assertThat(InstructionSet.AVX2_VNNI.computes(DType.BFLOAT16)).isFalse();
        assertThat(InstructionSet.AVX2_VNNI.computes(DType.INT8)).isTrue();
        assertThat(InstructionSet.UNKNOWN.computes(DType.BFLOAT16)).isFalse();
        assertThat(InstructionSet.AVX512.computes(DType.BFLOAT16)).isTrue();
        assertThat(InstructionSet.AMX.computes(DType.BFLOAT16)).isTrue();
        assertThat(InstructionSet.SSE41.computes(DType.FLOAT32)).isTrue();
    }

    /** What it claims must be true on this processor: it compiles and runs, or says why not. */
    @Test
    void itComputesExactlyWhatItSaysItSupports() {
        OneDnnBackend backend = new OneDnnBackend();
        GoldenCase nano = Goldens.read("nano_image");
        for (DType dtype : new DType[] {DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16, DType.FLOAT64}) {
            CompileOptions options = CompileOptions.DEFAULT.withDtype(dtype);
            Availability support = backend.supports(options);
            boolean ran;
            try (OneDnnSession session = backend.compile(nano.graph(), nano.weights(), options)) {
                session.run(nano.feeds());
                ran = true;
            } catch (HieraException refusal) {
                assertThat(refusal).hasMessageContaining(support.detail());
                ran = false;
            }
            assertThat(ran).as(dtype + ": " + support.detail()).isEqualTo(support.usable());
        }
    }

    /** oneDNN can be limited to an older instruction set from outside, so that any processor behaves like an old one. */
    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void withAvx2AloneBfloat16IsRefusedWithTheReason() throws Exception {
        JvmProcess.Result result = JvmProcess.of(SupportProgram.class)
                .withEnvironment("ONEDNN_MAX_CPU_ISA", "AVX2")
                .run(60);
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.lines())
                .containsExactly(
                        "true",
                        "false has no bfloat16 kernels for this processor (AVX2)",
                        "no backend here can compute in bfloat16 on cpu; on the class path are: onednn (has no bfloat16"
                                + " kernels for this processor (AVX2)), reference (computes in float64 on the cpu)");
    }

    /** Says what is supported. */
    static final class SupportProgram {
        private SupportProgram() {}

        public static void main(String[] arguments) {
            OneDnnBackend backend = new OneDnnBackend();
            CompileOptions half = CompileOptions.DEFAULT.withDtype(DType.BFLOAT16);
            System.out.println(backend.supports(CompileOptions.DEFAULT).usable());
            Availability support = backend.supports(half);
            System.out.println(support.usable() + " " + support.detail());
            try {
                System.out.println(Backends.preferred(half).name());
            } catch (HieraException refusal) {
                System.out.println(refusal.getMessage());
            }
        }
    }
}
