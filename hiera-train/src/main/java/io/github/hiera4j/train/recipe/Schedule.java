package io.github.hiera4j.train.recipe;

/**
 * The learning rate of every step: linear warm-up, then a fall to the end.
 *
 * @param kind how it falls
 * @param peak at the end of the warm-up
 * @param end at the last step
 * @param warmupSteps steps of growth
 * @param steps all steps
 */
public record Schedule(Kind kind, double peak, double end, long warmupSteps, long steps) implements LearningRate {

    /** How the rate falls after the warm-up. */
    public enum Kind {
        /** From the peak to the smallest rate on half a cosine (Loshchilov and Hutter, 2017). */
        COSINE,
        /** From the peak to the smallest rate on a line. */
        LINEAR,
        /** The peak rate after the warm-up. */
        CONSTANT,
        /** A tenth after 8/9 of the steps, a hundredth after 26/27, as ViTDet's detectors. */
        STEP
    }

    @Override
    public double at(long step) {
        if (step < warmupSteps) {
            return peak * (step + 1) / warmupSteps;
        }
        double progress = (double) (step - warmupSteps) / Math.max(1, steps - warmupSteps);
        return switch (kind) {
            case COSINE -> end + (peak - end) * 0.5 * (1 + Math.cos(Math.PI * progress));
            case LINEAR -> end + (peak - end) * (1 - progress);
            case CONSTANT -> peak;
            case STEP -> peak * (step >= steps * 26 / 27 ? .01 : step >= steps * 8 / 9 ? .1 : 1);
        };
    }
}
