package io.github.hiera4j.model.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunGuardTest {
    private final RunGuard guard = RunGuard.ofModel();
    private final AtomicInteger releases = new AtomicInteger();

    @Test
    void closingWaitsForTheRunsUnderWay() throws Exception {
        RunGuard.Run first = guard.enter();
        RunGuard.Run second = guard.enter();
        CountDownLatch done = new CountDownLatch(1);
        Thread closer = new Thread(() -> {
            guard.close(releases::incrementAndGet);
            done.countDown();
        });
        closer.start();
        first.close();
        first.close(); // ends one run, not two
        assertThat(done.await(100, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(releases).hasValue(0);
        second.close();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(releases).hasValue(1);
    }

    @Test
    void aRunThatBeginsAfterwardsIsToldThatTheModelIsClosed() {
        guard.close(releases::incrementAndGet);
        guard.close(releases::incrementAndGet);
        assertThat(releases).hasValue(1);
        assertThat(guard.isClosed()).isTrue();
        assertThatThrownBy(guard::enter)
                .isInstanceOf(HieraException.class)
                .hasMessage("the model is closed: load it again to use it");
    }

    @Test
    void aRunThatFailsEndsToo() {
        assertThat(guard.<Integer>during(() -> 7)).isEqualTo(7);
        assertThatThrownBy(() -> guard.during(() -> {
                    throw new IllegalStateException("failed");
                }))
                .hasMessage("failed");
        guard.close(releases::incrementAndGet); // would wait forever for a run that has not ended
        assertThat(releases).hasValue(1);
        assertThatThrownBy(() -> guard.during(() -> 7)).isInstanceOf(HieraException.class);
    }

    @Test
    void everyCloserReturnsAfterTheReleaseOnly() throws Exception {
        CountDownLatch releasing = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        Thread first = new Thread(() -> guard.close(() -> {
            releasing.countDown();
            awaitUninterrupted(finish);
            releases.incrementAndGet();
        }));
        first.start();
        releasing.await();
        Thread second = new Thread(() -> guard.close(releases::incrementAndGet));
        second.start();
        second.join(100);
        assertThat(second.isAlive()).isTrue();
        finish.countDown();
        second.join(10_000);
        assertThat(second.isAlive()).isFalse();
        assertThat(releases).hasValue(1);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @Test
    void anInterruptDoesNotEndTheWaitingAndIsKept() throws Exception {
        RunGuard.Run run = guard.enter();
        AtomicInteger kept = new AtomicInteger();
        Thread closer = new Thread(() -> {
            guard.close(releases::incrementAndGet);
            kept.set(Thread.currentThread().isInterrupted() ? 1 : 0);
        });
        closer.start();
        closer.interrupt();
        closer.join(100);
        assertThat(closer.isAlive()).isTrue();
        run.close();
        closer.join(10_000);
        assertThat(kept).hasValue(1);
    }
}
