package io.github.hiera4j.serve.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.serve.request.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Batches of views: full or due, for the same outputs, without cancelled ones. */
class BatchQueueTest {
    private static final Shape VIEW = Shape.of(1, 2);

    private final List<Integer> sizes = new CopyOnWriteArrayList<>();

    private final Arrivals arrivals = new Arrivals();

    /** Doubles every number; fails for a batch with a negative one. */
    private List<HostTensor> twice(HostTensor pixels, List<String> outputs) {
        sizes.add(pixels.shape().size(0));
        float[] values = pixels.toFloats();
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0) {
                throw new HieraException("negative");
            }
            values[i] *= 2;
        }
        return List.of(HostTensor.of(pixels.shape(), values));
    }

    private BatchQueue queue(int largest, Duration delay) {
        return new BatchQueue("test", this::twice, VIEW, largest, delay, BatchListener.NONE, arrivals);
    }

    private static Ticket ticket() {
        return new Ticket(Duration.ofSeconds(20), () -> false);
    }

    private static HostTensor view(float value) {
        return HostTensor.of(VIEW, value, value + 1);
    }

    @Test
    void aFullBatchRunsAtOnceAndEachGetsItsOwnRow() {
        try (BatchQueue queue = queue(3, Duration.ofSeconds(10))) {
            List<CompletableFuture<List<HostTensor>>> results = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                results.add(queue.submit(ticket(), view(10 * i), List.of("out")));
            }
            for (int i = 0; i < 3; i++) {
                assertThat(ticket().await(results.get(i)).get(0).toFloats()).containsExactly(20f * i, 20f * i + 2);
            }
            assertThat(sizes).containsExactly(3);
        }
    }

    @Test
    void aBatchThatIsNotFullRunsWhenItIsDue() {
        try (BatchQueue queue = queue(8, Duration.ofMillis(1))) {
            assertThat(ticket().await(queue.submit(ticket(), view(1), List.of("out")))
                            .get(0)
                            .toFloats())
                    .containsExactly(2, 4);
            assertThat(sizes).containsExactly(1);
        }
    }

    @Test
    void aBatchThatIsDueWaitsForFilesThatAreBeingDecodedButNotForLong() {
        BatchQueue.Model slow = (pixels, outputs) -> {
            pause(400);
            return twice(pixels, outputs);
        };
        try (BatchQueue queue =
                new BatchQueue("test", slow, VIEW, 8, Duration.ofMillis(1), BatchListener.NONE, arrivals)) {
            ticket().await(queue.submit(
                    ticket(), view(1), List.of("out"))); // now the queue knows how slow the model is
            Arrivals.Arrival second = arrivals.expect();
            CompletableFuture<List<HostTensor>> first = queue.submit(ticket(), view(2), List.of("out"));
            pause(30);
            Future<?> unused = queue.submit(ticket(), view(3), List.of("out"));
            second.end();
            second.end();
            ticket().await(first);
            Arrivals.Arrival never = arrivals.expect();
            ticket().await(queue.submit(ticket(), view(4), List.of("out")));
            never.end();
            assertThat(sizes).containsExactly(1, 2, 1);
            assertThat(arrivals.count()).isZero();
        }
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    @Test
    void differentOutputsDoNotShareABatch() {
        try (BatchQueue queue = queue(2, Duration.ofMillis(50))) {
            Ticket ticket = ticket();
            CompletableFuture<List<HostTensor>> a = queue.submit(ticket, view(1), List.of("a"));
            CompletableFuture<List<HostTensor>> b = queue.submit(ticket, view(2), List.of("b"));
            ticket.await(a);
            ticket.await(b);
            assertThat(sizes).containsExactly(1, 1);
        }
    }

    @Test
    void aCancelledViewIsLeftOutAndAFailureStaysInItsBatch() {
        try (BatchQueue queue = queue(2, Duration.ofMillis(300))) {
            Ticket left = ticket();
            CompletableFuture<List<HostTensor>> unwanted = queue.submit(left, view(1), List.of("a"));
            left.cancel();
            CompletableFuture<List<HostTensor>> failing = queue.submit(ticket(), view(-5), List.of("a"));
            assertThatThrownBy(() -> ticket().await(failing))
                    .isInstanceOf(HieraException.class)
                    .hasMessage("negative");
            assertThat(unwanted).isCompletedExceptionally();
            assertThat(ticket().await(queue.submit(ticket(), view(3), List.of("a")))
                            .get(0)
                            .toFloats())
                    .containsExactly(6, 8);
            assertThat(sizes).containsExactly(1, 1);
        }
    }

    @Test
    void viewsBeyondTheMemoryWaitAndGiveUpWhenTheyAreLate() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        BatchQueue.Model stuck = (pixels, outputs) -> {
            try {
                open.await();
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
            return List.of(pixels);
        };
        try (BatchQueue queue = new BatchQueue("test", stuck, VIEW, 1, Duration.ZERO, BatchListener.NONE, arrivals)) {
            for (int i = 0; i < 4; i++) {
                Future<?> unused = queue.submit(ticket(), view(i), List.of("a"));
            }
            Ticket late = new Ticket(Duration.ofMillis(50), () -> false);
            assertThatThrownBy(() -> queue.submit(late, view(9), List.of("a"))).isInstanceOf(HieraException.class);
            open.countDown();
        }
    }
}
