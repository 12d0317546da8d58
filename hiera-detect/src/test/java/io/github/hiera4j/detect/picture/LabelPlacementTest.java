package io.github.hiera4j.detect.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LabelPlacementTest {
    private final LabelPlacement placement = new LabelPlacement(640, 480);

    @Test
    void aLabelLiesAboveItsBox() {
        assertEquals(new Rectangle(100, 80, 60, 20), placement.place(100, 100, 200, 200, 60, 20));
    }

    @Test
    void aLabelLiesInsideABoxThatTouchesTheUpperEdge() {
        assertEquals(new Rectangle(100, 5, 60, 20), placement.place(100, 5, 200, 200, 60, 20));
    }

    @Test
    void aSecondBoxAtTheSamePlaceGetsItsLabelElsewhere() {
        Rectangle first = placement.place(100, 100, 200, 200, 60, 20);
        Rectangle second = placement.place(102, 101, 203, 204, 60, 20);
        assertFalse(first.intersects(second), second.toString());
    }

    @Test
    void labelsDoNotOverlapAndStayInThePicture() {
        SplittableRandom random = new SplittableRandom(5);
        List<Rectangle> labels = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            double x = random.nextDouble(640);
            double y = random.nextDouble(480);
            Rectangle label = placement.place(x, y, x + random.nextDouble(100), y + random.nextDouble(100), 70, 15);
            assertTrue(new Rectangle(640, 480).contains(label), label.toString());
            assertTrue(labels.stream().noneMatch(label::intersects), label + " covers one of " + labels);
            labels.add(label);
        }
    }

    @Test
    void aLabelWithoutAFreePlaceLiesAboveItsBox() {
        LabelPlacement full = new LabelPlacement(60, 20);
        Rectangle first = full.place(0, 0, 60, 20, 60, 20);
        assertEquals(first, full.place(0, 0, 60, 20, 60, 20));
    }
}
