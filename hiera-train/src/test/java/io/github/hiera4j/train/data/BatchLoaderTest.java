package io.github.hiera4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.optimize.Randomness;
import java.util.ArrayList;
import java.util.List;
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
