package io.github.hiera4j.detect.evaluate;

/** The parameters of COCO's evaluation, with the same double values as in pycocotools. */
final class CocoRules {
    /** IoU thresholds .5 to .95: {@code numpy.linspace} in double precision. */
    static final double[] THRESHOLDS = linear(.5, .95, 10);

    /** Recall points 0 to 1 in steps of one hundredth. */
    static final double[] RECALLS = linear(0, 1, 101);

    /** Smallest and largest area per size class: all, small, medium, large; both ends belong to the class. */
    static final double[][] AREAS = {{0, 1e10}, {0, 32 * 32}, {32 * 32, 96 * 96}, {96 * 96, 1e10}};

    /** Maximum detections per image and category. */
    static final int[] LIMITS = {1, 10, 100};

    private CocoRules() {}

    /** Returns {@code start + i * step}, with the last value exactly {@code stop}. */
    private static double[] linear(double start, double stop, int count) {
        double[] values = new double[count];
        double step = (stop - start) / (count - 1);
        for (int i = 0; i < count; i++) {
            values[i] = i * step + start;
        }
        values[count - 1] = stop;
        return values;
    }
}
