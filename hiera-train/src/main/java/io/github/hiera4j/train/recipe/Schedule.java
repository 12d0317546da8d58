package io.github.hiera4j.train.recipe;

/**
 * The learning rate of every step: linear warm-up, then a decrease to the end.
 *
 * @param kind shape of the decrease
 * @param peak at the end of the warm-up
 * @param end at the last step
 * @param warmupSteps steps of the warm-up
 * @param steps total number of steps
 */
public record Schedule(Kind kind, double peak, double end, long warmupSteps, long steps) implements LearningRate {

    /** The shape of the decrease after the warm-up. */
    public enum Kind {
        /** From the peak to the smallest rate along half a cosine (Loshchilov and Hutter, 2017). */
        COSINE,
        /** From the peak to the smallest rate, linearly. */
        LINEAR,
        /** The peak rate after the warm-up. */
        CONSTANT,
        /** A tenth after 8/9 of the steps, a hundredth after 26/27, as for ViTDet's detectors. */
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
