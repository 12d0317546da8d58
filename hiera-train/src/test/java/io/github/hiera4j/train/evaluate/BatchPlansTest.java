package io.github.hiera4j.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.VideoPreprocess;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.optimize.Randomness;
import io.github.hiera4j.train.recipe.Models;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

public class BatchPlansTest {
    private static final HieraConfig CLIPS = Models.encoder("hiera_quick_8x32");
    private static final Recipe RECIPE = Recipes.named("small-video-finetune")
            .with("test_clips", "2")
            .with("test_crops", "3")
            .with("batch_size", "4");

    /** Ten seconds of noise, 32 high and 64 wide: three crops need no resizing. Records the requested clips. */
    private static final class Noise implements SampleSource {
        final List<Double> starts = new CopyOnWriteArrayList<>();

        @Override
        public int size() {
            return 2;
        }

        @Override
        public int label(int index) {
            return index;
        }

        @Override
        public String name(int index) {
            return "noise " + index;
        }

        @Override
        public List<Rgb8Image> read(int index, ClipChoice clip) {
            starts.add(clip.choose(10).start());
            return frames(index);
        }

        static List<Rgb8Image> frames(int index) {
            List<Rgb8Image> frames = new ArrayList<>();
            for (int frame = 0; frame < 8; frame++) {
                byte[] rgb = new byte[3 * 32 * 64];
                Randomness.of(index, frame).nextBytes(rgb);
                frames.add(Rgb8Image.wrap(64, 32, rgb));
            }
            return frames;
        }
    }

    @Test
    void aVideoIsShownClipByClipAndInEachAtStartCentreAndEndOfItsLongerSide() {
        Noise noise = new Noise();
        int[] order = BatchPlans.viewOrder(RECIPE.data(), CLIPS, noise.size());
        assertThat(order).containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1);
        List<HostTensor> views = new ArrayList<>();
        try (BatchLoader loader = new BatchLoader(1);
                BatchLoader.Batches batches =
                        loader.epoch(BatchPlans.test(RECIPE.data(), CLIPS, noise), order, 0, 0, 0)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                for (int i = 0; i < batch.size(); i++) {
                    views.add(batch.pixels().slice(i));
                }
            }
        }
        double last = 10 - 8 * 2 / 30.0;
        assertThat(noise.starts).containsExactly(0.0, 0.0, 0.0, last, last, last, 0.0, 0.0, 0.0, last, last, last);
        for (int view = 0; view < views.size(); view++) {
            HostTensor expected = VideoPreprocess.kinetics(32, 32)
                    .apply(Noise.frames(order[view]), 3)
                    .slice(view % 3);
            assertThat(views.get(view).toFloats())
                    .containsExactly(expected.toFloats(), org.assertj.core.data.Offset.offset(1e-5f));
        }
    }

    @Test
    void aPictureModelSeesOneViewWhateverTheRecipeSaysOfClips() {
        assertThat(BatchPlans.views(RECIPE.data(), Models.encoder("hiera_nano_64")))
                .isEqualTo(1);
        assertThat(BatchPlans.views(RECIPE.data(), CLIPS)).isEqualTo(6);
    }

    @Test
    void toAModelOfClipsAPictureIsOneThatStandsStill() {
        Rgb8Image picture = Noise.frames(0).get(0);
        SampleSource pictures = new SampleSource() {
            @Override
            public int size() {
                return 1;
            }

            @Override
            public int label(int index) {
                return 0;
            }

            @Override
            public String name(int index) {
                return "picture";
            }

            @Override
            public List<Rgb8Image> read(int index, ClipChoice clip) {
                return List.of(picture);
            }
        };
        try (BatchLoader loader = new BatchLoader(1)) {
            Batch batch = loader.epoch(BatchPlans.test(RECIPE.data(), CLIPS, pictures), new int[] {0}, 0, 0, 0)
                    .next();
            HostTensor expected = VideoPreprocess.kinetics(32, 32)
                    .apply(Collections.nCopies(8, picture), 3)
                    .slice(0);
            assertThat(batch.pixels().slice(0).toFloats())
                    .containsExactly(expected.toFloats(), org.assertj.core.data.Offset.offset(1e-5f));
        }
    }
}
