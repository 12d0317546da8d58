package io.github.hiera4j.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.HieraException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Busy processes, and measurements with them. */
class LoadedSpeedTest {
    private static final Callers ONE = new Callers(1);

    private static List<ProcessHandle> children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
    }

    @Test
    void busyProcessesUseProcessorTimeAndEndWhenTheyAreClosed() throws InterruptedException {
        int before = children().size();
        try (BusyProcesses busy = new BusyProcesses(2)) {
            assertThat(busy.count()).isEqualTo(2);
            assertThat(children()).hasSize(before + 2);
            Thread.sleep(300);
            long usedMillis = children().stream()
                    .flatMap(child -> child.info().totalCpuDuration().stream())
                    .mapToLong(java.time.Duration::toMillis)
                    .sum();
            assertThat(usedMillis).isGreaterThan(50);
        }
        assertThat(children()).hasSize(before);
    }

    @Test
    void theShareIsWhatIsLeftOfTheIdleSpeed() {
        assertThat(new LoadedSpeed(1, 100, 160).share()).isCloseTo(0.625, within(1e-9));
        int[] runs = {0};
        LoadedSpeed speed = LoadedSpeed.measure(1, ONE, 0.1, () -> runs[0]++);
        assertThat(speed.processes()).isEqualTo(1);
        assertThat(speed.idleMillis()).isPositive();
        assertThat(speed.loadedMillis()).isPositive();
        assertThat(runs[0]).isGreaterThanOrEqualTo(7);
    }

    @Test
    void countsAndTimesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new BusyProcesses(0)).isInstanceOf(HieraException.class);
        assertThatThrownBy(() -> new BusyProcesses(257)).hasMessageContaining("1 to 256");
        assertThatThrownBy(() -> LoadedSpeed.measure(1, ONE, 0, () -> {})).isInstanceOf(HieraException.class);
    }

    @Test
    void theRunsOfAllCallersCount() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        double millis = new Callers(4).meanMillis(0.2, () -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            pause(20);
            inside.decrementAndGet();
        });
        assertThat(most.get()).isBetween(2, 4);
        assertThat(millis).isLessThan(20); // several runs at a time, each of which takes 20 ms
    }

    @Test
    void aRunThatFailsEndsTheMeasurement() {
        assertThatThrownBy(() -> new Callers(2).meanMillis(0.1, () -> {
                    throw new HieraException("it fails");
                }))
                .hasMessage("it fails");
        assertThatThrownBy(() -> new Callers(0)).hasMessageContaining("1 to 256 calling threads, got 0");
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }
}
