package io.github.hiera4j.api.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.insight.feature.FeatureColours;
import io.github.hiera4j.api.insight.feature.FeatureGrid;
import io.github.hiera4j.api.insight.feature.FeatureModel;
import io.github.hiera4j.api.insight.feature.PrincipalComponents;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.model.testing.TestFiles;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeatureTest {

    /** Uses points on three axes of known variance in ten dimensions, rotated so that no axis is a coordinate axis. */
    @Test
    void componentsFindTheAxesAndTheirVariances() {
        Random random = new Random(1);
        float[] points = new float[5000 * 10];
        double[] spreads = {9, 4, 1};
        for (int point = 0; point < 5000; point++) {
            for (int axis = 0; axis < 3; axis++) {
                double amount = Math.sqrt(spreads[axis]) * random.nextGaussian();
                points[point * 10 + 2 * axis] += (float) (amount * 0.6);
                points[point * 10 + 2 * axis + 1] += (float) (amount * 0.8);
            }
        }
        PrincipalComponents components = PrincipalComponents.fit(List.of(points), 10, 3);
        assertThat(components.varianceShares().get(0)).isCloseTo(9 / 14.0, within(0.02));
        assertThat(components.varianceShares().get(1)).isCloseTo(4 / 14.0, within(0.02));
        assertThat(components.varianceShares().get(2)).isCloseTo(1 / 14.0, within(0.02));
        float[] probe = new float[20];
        probe[0] = 0.6f;
        probe[1] = 0.8f;
        float[] projected = components.project(probe);
        assertThat(projected[0] - projected[3])
                .isCloseTo(1, within(0.01f)); // one unit along the first axis, from the origin
    }

    @Test
    void vectorsThatDoNotVaryHaveComponentsOfNothing() {
        PrincipalComponents components = PrincipalComponents.fit(List.of(new float[40]), 10, 3);
        assertThat(components.varianceShares()).containsExactly(0.0, 0.0, 0.0);
        assertThat(components.project(new float[10])).containsExactly(0, 0, 0);
    }

    @Test
    void aPositionIsMostSimilarToItselfAndItsPlaceIsThePixels() {
        try (FeatureModel model =
                FeatureModel.load(TestFiles.checkpoint("nano_official.pth"), LoadOptions.DEFAULT, 2)) {
            FeatureGrid features = model.features(Views.noise(model.model().encoder(), 3));
            int position = features.positionOf(63, 9, 64, 64);
            assertThat(position).isEqualTo(1 * features.columns() + features.columns() - 1);
            Grid cosines = features.cosines(features.at(position)).get(0);
            assertThat(cosines.indexOfLargest()).isEqualTo(position);
            assertThat(cosines.values()[position]).isCloseTo(1, within(1e-5f));
        }
    }

    @Test
    void equalFilesGetEqualColours() {
        try (FeatureModel model =
                FeatureModel.load(TestFiles.checkpoint("nano_video_official.pth"), LoadOptions.DEFAULT, null)) {
            FeatureGrid one = model.features(Views.noise(model.model().encoder(), 3));
            FeatureGrid other = model.features(Views.noise(model.model().encoder(), 4));
            FeatureColours colours = FeatureColours.fit(List.of(one, other, one));
            assertThat(colours.pictures(one)).hasSize(one.steps()).isNotEqualTo(colours.pictures(other));
            assertThat(colours.varianceShares().stream().mapToDouble(d -> d).sum())
                    .isLessThanOrEqualTo(1 + 1e-9);
        }
    }
}
