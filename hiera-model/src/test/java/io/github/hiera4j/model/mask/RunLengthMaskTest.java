package io.github.hiera4j.model.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLengthMaskTest {
    @Test
    void randomPixelsSurviveEncodingCompressionAndDecoding() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            int height = 1 + random.nextInt(40);
            int width = 1 + random.nextInt(40);
            byte[] pixels = randomPixels(random, height * width);

            RunLengthMask mask = RunLengthMask.ofPixels(height, width, pixels);
            RunLengthMask read = RunLengthMask.parse(height, width, mask.compressed());

            assertThat(read).isEqualTo(mask);
            assertThat(read.pixels()).isEqualTo(pixels);
        }
    }

    @Test
    void unionAndIntersectionAgreeWithPixels() {
        Random random = new Random(11);
        for (int round = 0; round < 300; round++) {
            int height = 1 + random.nextInt(30);
            int width = 1 + random.nextInt(30);
            byte[] a = randomPixels(random, height * width);
            byte[] b = randomPixels(random, height * width);
            RunLengthMask first = RunLengthMask.ofPixels(height, width, a);
            RunLengthMask second = RunLengthMask.ofPixels(height, width, b);
            long both = 0;
            byte[] either = new byte[a.length];
            for (int i = 0; i < a.length; i++) {
                both += a[i] & b[i];
                either[i] = (byte) (a[i] | b[i]);
            }

            assertThat(MaskOperations.intersection(first, second)).isEqualTo(both);
            assertThat(MaskOperations.union(List.of(first, second)).pixels()).isEqualTo(either);
        }
    }

    @Test
    void theBoundingBoxIsTightAndAnEmptyMaskHasNone() {
        byte[] pixels = new byte[6 * 8];
        pixels[2 * 8 + 3] = 1;
        pixels[4 * 8 + 5] = 1;

        assertThat(RunLengthMask.ofPixels(6, 8, pixels).boundingBox()).containsExactly(3, 2, 3, 3);
        assertThat(RunLengthMask.empty(6, 8).boundingBox()).containsExactly(0, 0, 0, 0);
        assertThat(RunLengthMask.ofRuns(4, 4, 0, 16).boundingBox()).containsExactly(0, 0, 4, 4);
    }

    @Test
    void masksOfDifferentSizeHaveNoIou() {
        assertThat(MaskOperations.iou(RunLengthMask.empty(3, 4), RunLengthMask.empty(4, 3), false))
                .isEqualTo(-1);
    }

    @Test
    void runsThatDoNotFillTheMaskAreRefused() {
        assertThatThrownBy(() -> RunLengthMask.ofRuns(4, 4, 3, 5))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("add up to height × width = 16, got a sum of 8");
        assertThatThrownBy(() -> RunLengthMask.ofRuns(4, 4, 20, -4)).hasMessageContaining("at least 0");
        assertThatThrownBy(() -> RunLengthMask.empty(1 << 20, 1 << 20)).hasMessageContaining("1 to 268435456 pixels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "0p", "oooooooooooooooo0", "`0`", " ", "\u00ff", "`1O"})
    void malformedStringsAreRefused(String counts) {
        assertThatThrownBy(() -> RunLengthMask.parse(4, 4, counts)).isInstanceOf(HieraException.class);
    }

    @Test
    void impossiblePolygonsAreRefusedQuickly() {
        for (double[] polygon : new double[][] {
            {0, 0, 1, 1},
            {0, 0, 5, 5, 9},
            {0, 0, 1e308, 0, 1e308, 1e308},
            {0, 0, Double.NaN, 1, 2, 2},
            {-5e7, 0, 5e7, 0, -5e7, 1, 5e7, 1, -5e7, 2, 5e7, 2}
        }) {
            assertThatThrownBy(() -> PolygonRasterizer.rasterize(10, 10, polygon))
                    .isInstanceOf(HieraException.class);
        }
    }

    private static byte[] randomPixels(Random random, int length) {
        byte[] pixels = new byte[length];
        byte value = (byte) random.nextInt(2);
        for (int i = 0; i < length; i++) {
            if (random.nextInt(4) == 0) {
                value ^= 1;
            }
            pixels[i] = value;
        }
        return pixels;
    }
}
