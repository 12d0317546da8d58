package io.github.hiera4j.detect.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.detect.coco.LargeScaleJitter;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JitterTest {
    @Test
    void aPlacementTellsThePlanThatItWasMadeFrom() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 2000; i++) {
            LargeScaleJitter jitter = new LargeScaleJitter(i % 2 == 0 ? 1024 : 128, .1, 2);
            LargeScaleJitter.Plan plan = jitter.plan(
                    1 + random.nextInt(3000),
                    1 + random.nextInt(3000),
                    random.nextBoolean(),
                    random.nextDouble(),
                    random.nextDouble());
            if (plan.resizedHeight() == 0 || plan.resizedWidth() == 0) {
                continue;
            }
            LargeScaleJitter.Plan back = JitterTransform.plan(JitterTransform.placement(plan));

            assertThat(back.flip()).isEqualTo(plan.flip());
            assertThat(back.resizedHeight()).isEqualTo(plan.resizedHeight());
            assertThat(back.resizedWidth()).isEqualTo(plan.resizedWidth());
            assertThat(back.top()).isEqualTo(plan.top());
            assertThat(back.left()).isEqualTo(plan.left());
            assertThat(back.outputHeight()).isEqualTo(plan.outputHeight());
        }
    }
}
