package io.github.hiera4j.train.probe;

import static io.github.hiera4j.model.Check.check;

/**
 * The feature vectors of samples, computed by a frozen encoder.
 *
 * @param rows one vector per sample, all of the same width
 * @param labels the class of each sample
 * @param samples the index of each sample in its source; files that could not be read are missing
 */
public record Features(float[][] rows, int[] labels, int[] samples) {
    /**
     * Checks the values.
     *
     * @param rows one vector per sample, all of the same width
     * @param labels the class of each sample
     * @param samples the index of each sample in its source; files that could not be read are missing
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public Features {
        check(
                rows.length == labels.length && rows.length == samples.length,
                "every feature vector needs a label and an index, got %d rows, %d labels and %d indices",
                rows.length,
                labels.length,
                samples.length);
    }

    /** {@return number of samples} */
    public int size() {
        return rows.length;
    }

    /**
     * Returns the length of the vectors.
     *
     * @return the length; 0 if there are no vectors
     */
    public int width() {
        return rows.length == 0 ? 0 : rows[0].length;
    }

    /** Returns a subset of the samples; the vectors are shared. */
    Features subset(int[] chosen) {
        float[][] vectors = new float[chosen.length][];
        int[] classes = new int[chosen.length];
        int[] indices = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            vectors[i] = rows[chosen[i]];
            classes[i] = labels[chosen[i]];
            indices[i] = samples[chosen[i]];
        }
        return new Features(vectors, classes, indices);
    }
}
