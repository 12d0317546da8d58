package io.github.hiera4j.model.baseline.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.testing.TestFiles;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Graphs of published size have the same counts of parameters and multiplications as the references. */
class CountedModelsTest {
    @Tag("slow")
    @Test
    void everyModelHasTheReferencesParametersAndMultiplications() {
        CountedModels.Report report =
                CountedModels.compare(TestFiles.golden("ladder/counts")).orElseThrow();
        assertThat(report.counts()).hasSize(89).allSatisfy(count -> {
            assertThat(count.actual().parameters()).as(count.model()).isEqualTo(count.parameters());
            assertThat(count.actual().multiplyAccumulates()).as(count.model()).isEqualTo(count.multiplyAccumulates());
        });
    }
}
