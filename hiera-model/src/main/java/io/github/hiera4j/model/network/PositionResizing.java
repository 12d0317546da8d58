package io.github.hiera4j.model.network;

/**
 * How a learned position embedding is resized along one axis: a matrix of weights from source to target positions. Rows and
 * columns are resized separately.
 *
 * <p>All rules place positions at the centres of cells ({@code align_corners} false).
 */
public enum PositionResizing {
    /**
     * PyTorch's bicubic rule, which transformers uses for Hiera and SAM 2 for its trunk: a = -0.75, four taps; taps beyond the edge
     * read the edge; no antialiasing, even if the grid shrinks.
     */
    BICUBIC {
        @Override
        void fill(double[] matrix, int from, int to) {
            for (int target = 0; target < to; target++) {
                double centre = (target + 0.5) * from / to - 0.5;
                int first = (int) Math.floor(centre) - 1;
                for (int tap = first; tap < first + 4; tap++) {
                    int source = Math.min(Math.max(tap, 0), from - 1);
                    matrix[target * from + source] += cubic(tap - centre, -0.75);
                }
            }
        }
    },

    /**
     * Pillow's bicubic rule, which timm uses: a = -0.5; the kernel widens if the grid shrinks; taps beyond the edge are dropped
     * and the remaining ones renormalised.
     */
    ANTIALIAS {
        @Override
        void fill(double[] matrix, int from, int to) {
            double scale = (double) from / to;
            double widening = Math.max(scale, 1);
            for (int target = 0; target < to; target++) {
                double centre = (target + 0.5) * scale;
                int first = Math.max((int) (centre - 2 * widening + 0.5), 0);
                int end = Math.min((int) (centre + 2 * widening + 0.5), from);
                double total = 0;
                for (int source = first; source < end; source++) {
                    double weight = cubic((source - centre + 0.5) / widening, -0.5);
                    matrix[target * from + source] = weight;
                    total += weight;
                }
                for (int source = first; source < end; source++) {
                    matrix[target * from + source] /= total;
                }
            }
        }
    },

    /** Linear between the two nearest positions: used for time axes, for which no library defines a rule. */
    LINEAR {
        @Override
        void fill(double[] matrix, int from, int to) {
            for (int target = 0; target < to; target++) {
                double centre = Math.max((target + 0.5) * from / to - 0.5, 0);
                int first = Math.min((int) centre, from - 1);
                double distance = centre - first;
                matrix[target * from + first] += 1 - distance;
                matrix[target * from + Math.min(first + 1, from - 1)] += distance;
            }
        }
    };

    abstract void fill(double[] matrix, int from, int to);

    /**
     * {@return the weights for resizing {@code from} positions to {@code to}, row-major {@code [to, from]}; every row sums to 1}
     *
     * @param from number of positions along an axis of the learned embedding
     * @param to number of requested positions along that axis
     */
    public double[] matrix(int from, int to) {
        double[] matrix = new double[Math.multiplyExact(to, from)];
        fill(matrix, from, to);
        return matrix;
    }

    /** Keys' cubic convolution kernel. */
    private static double cubic(double distance, double a) {
        double x = Math.abs(distance);
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
}
