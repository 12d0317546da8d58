package io.github.hiera4j.detect.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnchorsTest {
    private static Anchors torchvision(List<Double> ratios) {
        Anchors standard = Anchors.standard();
        return new Anchors(standard.strides(), standard.sizes(), ratios, true, true);
    }

    @Test
    void stridesFollowFromThePaddedInputWhereTheyAreAskedFor() {
        // 800 × 1344: p5 has 25 × 42 positions, p6 13 × 21, and 800 / 13 is 61
        Boxes fitted = torchvision(List.of(1.0)).grid(4, 13, 21, 800, 1344);
        Boxes declared = Anchors.standard().grid(4, 13, 21, 800, 1344);

        assertThat(fitted.corners(0)).containsExactly(-256, -256, 256, 256);
        assertThat(fitted.corners(21)).containsExactly(-256, 61 - 256, 256, 61 + 256);
        assertThat(fitted.corners(1)).containsExactly(64 - 256, -256, 64 + 256, 256);
        assertThat(declared.corners(3 * 21 + 1)).containsExactly(-256, 64 - 256, 256, 64 + 256);
    }

    @Test
    void roundedShapesAreWholePixelsOfTorchvisions() {
        // torchvision 0.29, AnchorGenerator.generate_anchors
        assertThat(torchvision(List.of(.5, 1.0, 2.0)).cell(0).toArray())
                .containsExactly(-23, -11, 23, 11, -16, -16, 16, 16, -11, -23, 11, 23);
        assertThat(torchvision(List.of(.3, 3.3)).cell(2).toArray())
                .containsExactly(-117, -35, 117, 35, -35, -116, 35, 116);
    }
}
