package io.github.hiera4j.torch.tape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StepTimelineTest {
    @Test
    void activitiesOfTheStepFollowEachOtherAndOthersGoOnBesideThem() throws InterruptedException {
        StepTimeline timeline = new StepTimeline();
        AtomicBoolean arrived = new AtomicBoolean();
        timeline.aside("sum of bucket 1", arrived::get);
        Thread.sleep(5);
        timeline.add("linear", "backward");
        arrived.set(true);
        while (timeline.events().size() < 2) {
            Thread.sleep(1);
        }
        timeline.add("optimizer");
        List<StepTimeline.Event> events = timeline.events();
        assertThat(events)
                .extracting(StepTimeline.Event::what)
                .containsExactly("linear backward", "sum of bucket 1", "optimizer");
        assertThat(events).extracting(StepTimeline.Event::aside).containsExactly(false, true, false);
        assertThat(events.get(2).from()).isEqualTo(events.get(0).to());
        assertThat(events.get(1).from()).isLessThan(events.get(0).to());
        assertThat(events.get(1).to()).isGreaterThan(events.get(0).to());
        assertThat(timeline.seconds()).containsOnlyKeys("linear backward", "optimizer");
    }

    @Test
    void whatIsStillUnderWayEndsWhenItsStepDoes() {
        StepTimeline timeline = new StepTimeline();
        timeline.aside("sum of bucket 1", () -> false);
        timeline.endAside();
        assertThat(timeline.events()).hasSize(1);
        timeline.endAside();
        assertThat(timeline.events()).hasSize(1);
    }
}
