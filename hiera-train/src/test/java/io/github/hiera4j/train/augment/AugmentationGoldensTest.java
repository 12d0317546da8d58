package io.github.hiera4j.train.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.tensor.HostTensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Operations on pictures and batches against the results of the reference's augmentation. */
class AugmentationGoldensTest {

    @ParameterizedTest
    @EnumSource(AugmentOp.class)
    void everyOperationMatchesItsPictures(AugmentOp operation) throws IOException {
        Rgb8Image source = image("augment_source");
        for (int magnitude : new int[] {3, 7, 9, 10}) {
            for (boolean negative : new boolean[] {false, true}) {
                String name = operation.publishedName() + "_m" + magnitude + (negative ? "_neg" : "_pos");
                Rgb8Image actual = operation.apply(source, magnitude, negative);
                assertThat(meanDifference(actual, image(name))).as(name).isLessThanOrEqualTo(0.5);
            }
        }
    }

    @Test
    void boxesAndCorrectedSharesOfCutMixMatchTheReference() throws IOException {
        JsonNode cases = golden().path("cutmix");
        assertThat(cases.size()).isPositive();
        for (JsonNode expected : cases) {
            CutBox box = CutBox.about(
                    expected.path("center").path(0).asInt(),
                    expected.path("center").path(1).asInt(),
                    expected.path("lam").asDouble(),
                    224,
                    224);
            JsonNode corners = expected.path("box_yyxx");
            assertThat(new int[] {box.top(), box.bottom(), box.left(), box.right()})
                    .containsExactly(
                            corners.path(0).asInt(),
                            corners.path(1).asInt(),
                            corners.path(2).asInt(),
                            corners.path(3).asInt());
            assertThat(box.keptShare(224, 224))
                    .isCloseTo(expected.path("lam_corrected").asDouble(), within(1e-12));
        }
    }

    @Test
    void mixedAndSmoothedTargetsMatchTheReference() throws IOException {
        JsonNode expected = golden().path("mixup_target");
        double[] shares = new double[3];
        Arrays.fill(shares, expected.path("lam").asDouble());
        int[] labels = {0, 3, 1};

        HostTensor targets = Mixing.targets(
                labels,
                expected.path("classes").asInt(),
                shares,
                expected.path("smoothing").asDouble());

        for (int i = 0; i < targets.elements(); i++) {
            double value = expected.path("target").path(i / 5).path(i % 5).asDouble();
            assertThat(targets.get(i)).isCloseTo(value, within(1e-7));
        }
    }

    private static double meanDifference(Rgb8Image actual, Rgb8Image expected) {
        byte[] a = actual.toByteArray();
        byte[] b = expected.toByteArray();
        assertThat(a).hasSameSizeAs(b);
        long sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
        }
        return (double) sum / a.length;
    }

    private static Rgb8Image image(String name) throws IOException {
        return ImageReader.read(bytes("/augment/" + name + ".png"), name);
    }

    private static JsonNode golden() throws IOException {
        return JsonMapper.shared().readTree(bytes("/goldens/mixup_cutmix.json"));
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(AugmentationGoldensTest.class.getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        }
    }
}
