package io.github.hiera4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OperationInterruptedException;
import io.github.hiera4j.train.optimize.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchLoaderTest {
    private static final SampleSource NOISE = new SampleSource() {
        @Override
        public int size() {
            return 40;
        }

        @Override
        public int label(int index) {
            return index % 4;
        }

        @Override
        public String name(int index) {
            return "noise " + index;
        }

        @Override
        public List<Rgb8Image> read(int index, ClipChoice clip) {
            if (index == 7) {
                throw new HieraException(name(index) + ": damaged");
            }
            byte[] rgb = new byte[3 * 20 * 20];
            Randomness.of(index).nextBytes(rgb);
            return List.of(Rgb8Image.wrap(20, 20, rgb));
        }
    };

    @Test
    void theNumberOfWorkersDoesNotChangeABatch() {
        List<float[]> one = pixels(1, 0);
        List<float[]> four = pixels(4, 0);

        assertThat(one).hasSize(6);
        for (int i = 0; i < one.size(); i++) {
            assertThat(four.get(i)).isEqualTo(one.get(i));
        }
    }

    @Test
    void anEpochCanBeResumedInTheMiddle() {
        List<float[]> whole = pixels(2, 0);
        List<float[]> rest = pixels(2, 4);

        assertThat(rest).hasSize(2);
        assertThat(rest.get(0)).isEqualTo(whole.get(4));
        assertThat(rest.get(1)).isEqualTo(whole.get(5));
    }

    @Test
    void aDamagedFileIsCountedAndReplaced() {
        int[] order = EpochOrder.spread(40, 40);
        try (BatchLoader loader = new BatchLoader(2);
                BatchLoader.Batches batches = loader.epoch(LoaderPlans.augmented(NOISE), order, 1, 0, 0)) {
            batches.next();
            Batch second = batches.next();
            assertThat(second.indices()).hasSize(6).doesNotContain(7).contains(6, 8);
            assertThat(second.labels()[1]).isEqualTo(second.indices()[1] % 4);
            assertThat(loader.damaged().faults()).containsOnlyKeys("noise 7");
        }
    }

    /** A source whose reads wait, like those of a slow disk, and fail with a user's message if interrupted, like those of a decoder. */
    private static final class Slow implements SampleSource {
        final CountDownLatch started = new CountDownLatch(1);
        final AtomicInteger reading = new AtomicInteger();

        @Override
        public int size() {
            return 40;
        }

        @Override
        public int label(int index) {
            return 0;
        }

        @Override
        public String name(int index) {
            return "slow " + index;
        }

        @Override
        public List<Rgb8Image> read(int index, ClipChoice clip) {
            reading.incrementAndGet();
            started.countDown();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                throw new HieraException(name(index) + ": cannot be decoded", e);
            }
            throw new IllegalStateException("waited to the end");
        }
    }

    @Test
    void whatIsCancelledIsNotDamaged() throws InterruptedException {
        Slow slow = new Slow();
        BatchLoader loader = new BatchLoader(3);
        try (loader;
                BatchLoader.Batches batches =
                        loader.epoch(LoaderPlans.augmented(slow), EpochOrder.spread(40, 40), 1, 0, 0)) {
            slow.started.await();
            assertThat(batches.hasNext()).isTrue();
        }
        assertThat(loader.damaged().count()).isZero();
    }

    @Test
    void whoWaitsForABatchCanBeInterrupted() {
        Slow slow = new Slow();
        try (BatchLoader loader = new BatchLoader(1);
                BatchLoader.Batches batches =
                        loader.epoch(LoaderPlans.augmented(slow), EpochOrder.spread(40, 40), 1, 0, 0)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(batches::next).isInstanceOf(OperationInterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void batchesAheadAreBoundByBytes() throws InterruptedException {
        long batch = 6 * 3 * 16 * 16 * 4;
        for (int most : List.of(0, 1, 3)) {
            Slow slow = new Slow();
            BatchLoader loader = new BatchLoader(8, most * batch + 100);
            try (loader;
                    BatchLoader.Batches batches =
                            loader.epoch(LoaderPlans.augmented(slow), EpochOrder.spread(40, 40), 1, 0, 0)) {
                slow.started.await();
                Thread.sleep(200); // time for further workers to start, if that were allowed
                assertThat(batches.hasNext()).isTrue();
                assertThat(slow.reading).hasValueBetween(1, Math.max(1, most));
            }
        }
    }

    @Test
    void anOrderIsAPermutationThatFollowsFromSeedAndEpoch() {
        assertThat(EpochOrder.shuffled(40, 1, 3, 2))
                .isEqualTo(EpochOrder.shuffled(40, 1, 3, 2))
                .isNotEqualTo(EpochOrder.shuffled(40, 1, 3, 1))
                .containsExactlyInAnyOrder(EpochOrder.spread(40, 40));
    }

    private static List<float[]> pixels(int workers, int firstBatch) {
        List<float[]> all = new ArrayList<>();
        int[] order = EpochOrder.shuffled(40, 1, 1, 0);
        try (BatchLoader loader = new BatchLoader(workers);
                BatchLoader.Batches batches = loader.epoch(LoaderPlans.augmented(NOISE), order, 1, 0, firstBatch)) {
            while (batches.hasNext()) {
                all.add(batches.next().pixels().toFloats());
            }
        }
        return all;
    }
}
