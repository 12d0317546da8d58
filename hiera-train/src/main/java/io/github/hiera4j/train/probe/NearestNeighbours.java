package io.github.hiera4j.train.probe;

import static io.github.hiera4j.model.Check.check;

/**
 * Classifies by the most similar training samples: cosine similarity, with each neighbour's vote weighted by
 * {@code exp(similarity / temperature)} (Wu et al. 2018; Caron et al. 2021, DINO).
 */
final class NearestNeighbours {
    private final Features train;
    private final int classes;
    private final int neighbours;
    private final double temperature;
    private final float[] inverseLengths;

    /** @param neighbours number of neighbours that vote; all samples if there are fewer */
    NearestNeighbours(Features train, int classes, int neighbours, double temperature) {
        check(neighbours >= 1, "nearest neighbours need at least 1 neighbour, got %d", neighbours);
        check(temperature > 0, "the temperature of the votes must be above 0, got %s", temperature);
        this.train = train;
        this.classes = classes;
        this.neighbours = Math.min(neighbours, train.size());
        this.temperature = temperature;
        inverseLengths = new float[train.size()];
        for (int i = 0; i < train.size(); i++) {
            inverseLengths[i] = inverseLength(train.rows()[i]);
        }
    }

    int neighbours() {
        return neighbours;
    }

    /**
     * Returns each class's fraction of the votes. Classes without a vote get a negative number, which is higher if their nearest sample is
     * more similar, so that all classes are ranked.
     */
    double[] scores(float[] row) {
        float[] similarities = similarities(row);
        double[] nearest = new double[classes];
        java.util.Arrays.fill(nearest, -1);
        for (int i = 0; i < similarities.length; i++) {
            int label = train.labels()[i];
            nearest[label] = Math.max(nearest[label], similarities[i]);
        }
        double[] votes = votes(similarities);
        for (int label = 0; label < classes; label++) {
            if (votes[label] == 0) {
                votes[label] = nearest[label] - 2;
            }
        }
        return votes;
    }

    private double[] votes(float[] similarities) {
        int[] chosen = mostSimilar(similarities);
        double[] votes = new double[classes];
        double all = 0;
        for (int sample : chosen) {
            // Relative to the best similarity, which does not change the fractions and cannot overflow.
            double vote = Math.exp((similarities[sample] - similarities[chosen[0]]) / temperature);
            votes[train.labels()[sample]] += vote;
            all += vote;
        }
        for (int label = 0; label < classes; label++) {
            votes[label] /= all;
        }
        return votes;
    }

    /** Returns the most similar samples, the best first; of equal ones, the earlier. */
    private int[] mostSimilar(float[] similarities) {
        int[] best = new int[neighbours];
        int count = 0;
        for (int i = 0; i < similarities.length; i++) {
            if (count == neighbours && similarities[i] <= similarities[best[count - 1]]) {
                continue;
            }
            int place = count == neighbours ? count - 1 : count++;
            while (place > 0 && similarities[i] > similarities[best[place - 1]]) {
                best[place] = best[place - 1];
                place--;
            }
            best[place] = i;
        }
        return best;
    }

    private float[] similarities(float[] row) {
        float inverse = inverseLength(row);
        float[] similarities = new float[train.size()];
        for (int i = 0; i < similarities.length; i++) {
            similarities[i] = dot(row, train.rows()[i]) * inverse * inverseLengths[i];
        }
        return similarities;
    }

    private static float inverseLength(float[] row) {
        return (float) (1 / Math.max(Math.sqrt(dot(row, row)), 1e-12));
    }

    /** Accumulates four independent sums, which a processor adds in parallel. */
    private static float dot(float[] left, float[] right) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i + 3 < left.length; i += 4) {
            a += left[i] * right[i];
            b += left[i + 1] * right[i + 1];
            c += left[i + 2] * right[i + 2];
            d += left[i + 3] * right[i + 3];
        }
        for (; i < left.length; i++) {
            a += left[i] * right[i];
        }
        return (a + b) + (c + d);
    }
}
