package io.github.hiera4j.api.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.mask.RunLengthMask;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmallRegionsTest {

    private static RunLengthMask mask(String... rows) {
        byte[] pixels = new byte[rows.length * rows[0].length()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (rows[i / rows[0].length()].charAt(i % rows[0].length()) == '#' ? 1 : 0);
        }
        return RunLengthMask.ofPixels(rows.length, rows[0].length(), pixels);
    }

    @Test
    void smallHolesAreFilledAndSmallIslandsRemoved() {
        RunLengthMask before = mask("#####...", "#.###..#", "#####...", "........");
        RunLengthMask after = mask("#####...", "#####...", "#####...", "........");
        assertThat(SmallRegions.removed(before, 3)).isEqualTo(after);
    }

    @Test
    void cornersTouch() {
        RunLengthMask diagonal = mask("#...", ".#..", "..#.");
        assertThat(SmallRegions.removed(diagonal, 3)).isEqualTo(diagonal);
    }

    @Test
    void ofSmallIslandsTheLargestStays() {
        RunLengthMask before = mask("##..#", "##...", ".....");
        assertThat(SmallRegions.removed(before, 6)).isEqualTo(mask("##...", "##...", "....."));
    }

    @Test
    void cropsCoverTheImageAndMasksFindTheirPlace() {
        List<CropBox> crops = CropBox.layers(60, 100, AutomaticSettings.DEFAULT.withCropLayers(2));
        assertThat(crops).hasSize(1 + 4 + 16);
        for (int layer = 1; layer <= 2; layer++) {
            byte[] covered = new byte[60 * 100];
            for (CropBox crop : crops) {
                if (crop.layer() == layer) {
                    byte[] ones = new byte[crop.height() * crop.width()];
                    java.util.Arrays.fill(ones, (byte) 1);
                    RunLengthMask whole =
                            crop.toImage(RunLengthMask.ofPixels(crop.height(), crop.width(), ones), 60, 100);
                    byte[] pixels = whole.pixels();
                    for (int i = 0; i < pixels.length; i++) {
                        covered[i] |= pixels[i];
                    }
                }
            }
            assertThat(covered).containsOnly(1);
        }
    }

    @Test
    void aBoxIsCutOffOnlyAtAnEdgeThatTheImageDoesNotHave() {
        CropBox crop = new CropBox(50, 0, 50, 60, 1);
        assertThat(crop.cuts(new double[] {52, 30, 10, 10}, 60, 100, 5)).isTrue();
        assertThat(crop.cuts(new double[] {80, 30, 20, 10}, 60, 100, 5)).isFalse();
    }
}
