package io.github.hiera4j.detect.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MatcherTest {
    /** An object, an empty object, and an empty candidate at the position of the latter. */
    private static final Boxes TRUTH = Boxes.of(0, 0, 10, 10, 20, 20, 20, 20);

    private static final Boxes CANDIDATES = Boxes.of(0, 0, 10, 10, 20, 20, 20, 20, 30, 30, 40, 40);

    @Test
    void emptyBoxesOverlapNothingWithTheGuard() {
        Matcher.Matches matches = Matcher.HEADS.match(TRUTH, CANDIDATES);

        assertThat(matches.labels())
                .containsExactly(Matcher.Label.POSITIVE, Matcher.Label.NEGATIVE, Matcher.Label.NEGATIVE);
        assertThat(matches.truth()).containsExactly(0, 0, 0);
    }

    @Test
    void withoutTheGuardTheyHaveNoNumberAndMatchAsInTorchvision() {
        Matcher.Matches matches = Matcher.HEADS.withoutGuard().match(TRUTH, CANDIDATES);

        // torchvision 0.29: box_iou gives nan, max keeps it, and no threshold removes it
        assertThat(TRUTH.unguardedIou(CANDIDATES)[1][1]).isNaN();
        assertThat(matches.labels())
                .containsExactly(Matcher.Label.POSITIVE, Matcher.Label.POSITIVE, Matcher.Label.NEGATIVE);
        assertThat(matches.truth()).containsExactly(0, 1, 0);
    }
}
