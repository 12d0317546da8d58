package io.github.hiera4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.HieraException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

public class ClipSamplerTest {
    @Test
    void clipsSpreadFromTheStartToTheEnd() {
        List<Clip> clips = new ClipSampler(16, 4, 5, 3).uniform(10);

        double span = 16 * 4 / 30.0;
        assertThat(clips).hasSize(5);
        assertThat(clips.get(0).start()).isZero();
        assertThat(clips.get(2).start()).isCloseTo((10 - span) / 2, within(1e-12));
        assertThat(clips.get(4).start()).isCloseTo(10 - span, within(1e-12));
        assertThat(clips.get(4).times()[15]).isCloseTo(10 - 4 / 30.0, within(1e-12));
    }

    @Test
    void aSingleClipLiesInTheMiddle() {
        assertThat(ClipSampler.middle(8, 2).uniform(5).get(0).start()).isCloseTo((5 - 16 / 30.0) / 2, within(1e-12));
    }

    @Test
    void aVideoShorterThanAClipIsTakenFromItsStart() {
        assertThat(ClipSampler.TEST.uniform(0.5))
                .allSatisfy(clip -> assertThat(clip.start()).isZero());
        assertThat(ClipSampler.TEST.random(0.5, new SplittableRandom(1)).start())
                .isZero();
    }

    @Test
    void randomClipsFollowTheirSeedAndStayInside() {
        ClipSampler sampler = ClipSampler.middle(16, 4);
        SplittableRandom random = new SplittableRandom(7);
        SplittableRandom again = new SplittableRandom(7);
        double smallest = 10;
        double largest = 0;
        for (int i = 0; i < 1000; i++) {
            Clip clip = sampler.random(10, random);
            assertThat(clip).isEqualTo(sampler.random(10, again));
            smallest = Math.min(smallest, clip.start());
            largest = Math.max(largest, clip.start());
        }

        assertThat(smallest).isBetween(0.0, 0.1);
        assertThat(largest).isBetween(10 - sampler.span() - 0.1, 10 - sampler.span());
    }

    @Test
    void impossibleSamplersAreRefused() {
        assertThatThrownBy(() -> new ClipSampler(0, 4, 1, 1))
                .isInstanceOf(HieraException.class)
                .hasMessage("a clip has 1 to 4096 frames, got 0");
        assertThatThrownBy(() -> new ClipSampler(16, 4, 1, 2))
                .isInstanceOf(HieraException.class)
                .hasMessage("a clip is cropped once or 3 times, got 2");
    }

    @Test
    void aSpanBeyondThirtyTwoBitsIsStillALength() {
        assertThat(ClipSampler.middle(4096, 1 << 24).span()).isEqualTo(4096.0 * (1 << 24) / 30);
    }
}
