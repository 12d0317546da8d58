package io.github.hiera4j.media.preprocess;

import static io.github.hiera4j.model.Check.check;

import java.util.List;

/**
 * The conversion of samples of 0 to 255 to a network's input: {@code (sample / 255 - mean) / std}, per channel.
 *
 * @param mean means of red, green and blue, on the scale of 0 to 1
 * @param std standard deviations of red, green and blue on the same scale, more than 0
 */
public record Normalisation(List<Double> mean, List<Double> std) {
    /** The values of the ImageNet models. */
    public static final Normalisation IMAGENET =
            new Normalisation(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    /** The values of the Kinetics models. */
    public static final Normalisation KINETICS =
            new Normalisation(List.of(0.45, 0.45, 0.45), List.of(0.225, 0.225, 0.225));

    /**
     * Checks the values and copies the collections.
     *
     * @param mean means of red, green and blue, on the scale of 0 to 1
     * @param std standard deviations of red, green and blue on the same scale, more than 0
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public Normalisation {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        check(mean.size() == 3 && std.size() == 3, "mean and std need 3 values each, got %s and %s", mean, std);
        for (int channel = 0; channel < 3; channel++) {
            check(Double.isFinite(mean.get(channel)), "the mean of a channel must be a number, got %s", mean);
            double deviation = std.get(channel);
            check(Double.isFinite(deviation) && deviation > 0, "the std of a channel must be more than 0, got %s", std);
        }
    }

    /** Returns the result for each of the 256 sample values of one channel, in float32 arithmetic as in the references. */
    float[] table(int channel) {
        float shift = mean.get(channel).floatValue();
        float scale = std.get(channel).floatValue();
        float[] table = new float[256];
        for (int sample = 0; sample < table.length; sample++) {
            table[sample] = (sample / 255f - shift) / scale;
        }
        return table;
    }
}
