package io.github.hiera4j.media;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/** Compares pixels with the samples and the mean of the reference. */
public final class PixelGoldens {
    private PixelGoldens() {}

    public static void assertPixels(Rgb8Image actual, JsonNode golden, int levels, double meanDifference) {
        byte[] pixels = actual.toByteArray();
        JsonNode index = golden.get("index");
        JsonNode value = golden.get("value");
        double sum = 0;
        for (int i = 0; i < index.size(); i++) {
            int difference = Math.abs(
                    (pixels[index.get(i).intValue()] & 0xff) - value.get(i).intValue());
            assertThat(difference)
                    .as(
                            "sample %d of %s against %d",
                            index.get(i).intValue(), actual, value.get(i).intValue())
                    .isLessThanOrEqualTo(levels);
            sum += difference;
        }
        assertThat(sum / index.size()).as("mean absolute difference").isLessThanOrEqualTo(meanDifference);
        assertThat(mean(pixels))
                .as("mean")
                .isCloseTo(
                        golden.get("mean").doubleValue(), org.assertj.core.data.Offset.offset(meanDifference + 1e-9));
    }

    static double mean(byte[] pixels) {
        long sum = 0;
        for (byte pixel : pixels) {
            sum += pixel & 0xff;
        }
        return (double) sum / pixels.length;
    }
}
