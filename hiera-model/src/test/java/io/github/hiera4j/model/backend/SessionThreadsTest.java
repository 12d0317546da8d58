package io.github.hiera4j.model.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.OutOfMemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SessionThreadsTest {
    private final AtomicInteger prepared = new AtomicInteger();
    private final SessionThreads threads = new SessionThreads("test", 2, prepared::incrementAndGet);

    @Test
    void resultsComeInTheOrderOfTheWork() {
        List<Callable<Integer>> work = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            work.add(() -> number);
        }
        assertThat(threads.runAll(work)).isSorted().hasSize(20);
        assertThat(prepared).hasValueBetween(1, 2);
        threads.close();
    }

    /** The caller frees the memory that the tasks use, so it must not get the exception while other tasks are still running. */
    @Test
    void whenTheFirstPieceFailsTheOthersAreWaitedFor() {
        AtomicInteger finished = new AtomicInteger();
        List<Callable<Object>> work = new ArrayList<>();
        work.add(() -> {
            throw new OutOfMemoryException("too large");
        });
        for (int i = 0; i < 3; i++) {
            work.add(() -> {
                Thread.sleep(100);
                return finished.incrementAndGet();
            });
        }
        assertThatThrownBy(() -> threads.runAll(work))
                .isInstanceOf(OutOfMemoryException.class)
                .hasMessage("too large");
        assertThat(finished).hasValue(3);
        threads.close();
    }

    @Test
    void aFailureThatNobodyExpectedNamesTheBackendAndKeepsItsCause() {
        Callable<Object> broken = () -> {
            throw new IllegalArgumentException("broken");
        };
        assertThatThrownBy(() -> threads.run(broken))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a run on backend 'test' failed: broken")
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
        threads.close();
    }

    @Test
    void closingEndsTheThreads() {
        Thread worker = threads.run(Thread::currentThread);
        assertThat(worker.getName()).isEqualTo("hiera-test");
        assertThat(worker.isDaemon()).isTrue();
        threads.close();
        assertThat(worker.isAlive()).isFalse();
    }
}
