package io.github.hiera4j.train.probe;

import static io.github.hiera4j.model.Check.check;

/**
 * What a frozen encoder makes of samples.
 *
 * @param rows one vector a sample, all of one width
 * @param labels the class of each
 * @param samples the index of each in its source; files that could not be read are missing
 */
public record Features(float[][] rows, int[] labels, int[] samples) {
    /**
     * Checks the values.
     *
     * @param rows one vector a sample, all of one width
     * @param labels the class of each
     * @param samples the index of each in its source; files that could not be read are missing
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public Features {
        check(
                rows.length == labels.length && rows.length == samples.length,
                "features need a label and an index each, got %d rows, %d labels and %d indices",
                rows.length,
                labels.length,
                samples.length);
    }

    /** {@return number of samples} */
    public int size() {
        return rows.length;
    }

    /**
     * Numbers of one vector; 0 where there are none.
     *
     * @return the width
     */
    public int width() {
        return rows.length == 0 ? 0 : rows[0].length;
    }

    /** Some of the samples; the vectors are shared. */
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
