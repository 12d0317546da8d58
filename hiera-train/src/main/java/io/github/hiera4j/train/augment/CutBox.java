package io.github.hiera4j.train.augment;

/**
 * The rectangle that CutMix pastes (Yun et al., ICCV 2019).
 *
 * @param top first row
 * @param bottom after the last row
 * @param left first column
 * @param right after the last column
 */
public record CutBox(int top, int bottom, int left, int right) {

    /**
     * {@return the box of side √(1 - λ) about a centre, clipped to the picture}
     *
     * @param centreY row of the centre
     * @param centreX column of the centre
     * @param lambda fraction of the area that is kept
     * @param height in pixels
     * @param width in pixels
     */
    public static CutBox about(int centreY, int centreX, double lambda, int height, int width) {
        double ratio = Math.sqrt(1 - lambda);
        int halfHeight = (int) (height * ratio) / 2;
        int halfWidth = (int) (width * ratio) / 2;
        return new CutBox(
                clip(centreY - halfHeight, height),
                clip(centreY + halfHeight, height),
                clip(centreX - halfWidth, width),
                clip(centreX + halfWidth, width));
    }

    /**
     * {@return the fraction of the picture that is kept}
     *
     * @param height in pixels
     * @param width in pixels
     */
    public double keptShare(int height, int width) {
        return 1 - (double) (bottom - top) * (right - left) / ((double) height * width);
    }

    private static int clip(int value, int size) {
        return Math.max(0, Math.min(size, value));
    }
}
