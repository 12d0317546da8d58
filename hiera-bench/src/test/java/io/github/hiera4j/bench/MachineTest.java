package io.github.hiera4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How a machine is described to a person. */
class MachineTest {
    private static Machine machine(String processor, String... features) {
        return new Machine(processor, 2, List.of(features), "Linux amd64", "17");
    }

    @Test
    void featuresAreGroupedByInstructionSet() {
        Machine xeon = machine("Xeon", "AMX", "AMX bfloat16", "AMX int8", "AVX-512", "AVX-512 VNNI", "AVX2");
        assertThat(xeon.featureSummary()).isEqualTo("AMX (bfloat16, int8), AVX-512 (VNNI), AVX2");
        assertThat(machine("Arm").featureSummary()).isEmpty();
    }

    @Test
    void theDescriptionHasOneLineOrTwoOfAtMostEightyColumns() {
        assertThat(machine("Arm").description()).containsExactly("Arm, 2 processors");
        assertThat(machine("EPYC", "AVX2").description()).containsExactly("EPYC, 2 processors, AVX2");
        Machine xeon = machine(
                "Intel(R) Xeon(R) Platinum 8481C Processor",
                "AMX",
                "AMX bfloat16",
                "AMX int8",
                "AVX-512",
                "AVX-512 VNNI",
                "AVX-512 bfloat16",
                "AVX-512 float16",
                "AVX2");
        assertThat(xeon.description())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(Machine.current().description())
                .allSatisfy(line -> assertThat(line).isNotBlank());
    }
}
