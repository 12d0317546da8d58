package io.github.hiera4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.cli.process.ProcessMemory;
import io.github.hiera4j.train.metrics.Progress;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    @Test
    void theLineTellsTheMemoryOfTheProcessAndFitsATerminal() {
        Progress.Step late = new Progress.Step(499_990, 500_000, 799, 12.3456, 1.25e-4, 1, 1234.5);

        String line = ProgressLine.text(late, 1024, OptionalLong.of(12_345_000_000L));

        assertThat(line)
                .isEqualTo("499990/500000  epoch 800  loss 12.35  lr 1.3e-04  1235/s  0:00:08 left  12.3 GB")
                .hasSizeLessThan(80);
    }

    @Test
    void whereTheSystemDoesNotTellTheMemoryItIsLeftOut() {
        Progress.Step step = new Progress.Step(10, 20, 0, 1, 1e-3, 1, 9.87);

        assertThat(ProgressLine.text(step, 1, OptionalLong.empty()))
                .isEqualTo("10/20  epoch 1  loss 1.0000  lr 1.0e-03  9.9/s  0:00:01 left");
    }

    @Test
    void theMemoryOfAProcessIsMoreThanItsHeap() {
        OptionalLong resident = ProcessMemory.residentBytes();
        Runtime runtime = Runtime.getRuntime();

        assumeTrue(resident.isPresent(), "needs /proc");
        assertThat(resident.getAsLong()).isGreaterThan(runtime.totalMemory() - runtime.freeMemory());
    }
}
