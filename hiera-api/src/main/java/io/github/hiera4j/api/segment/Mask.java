package io.github.hiera4j.api.segment;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.mask.RunLengthMask;
import java.util.Objects;

/**
 * The outline of one object in the original image's pixels, with its scores. Plain Java, valid without the segmenter.
 *
 * <p>Also holds the decoder's low-resolution logits, so that a later prompt can start from it.
 */
public final class Mask {
    private final RunLengthMask runs;
    private final float quality;
    private final float objectScore;
    private final double stability;
    private final float[] logits;

    Mask(RunLengthMask runs, float quality, float objectScore, double stability, float[] logits) {
        this.runs = Objects.requireNonNull(runs);
        this.quality = quality;
        this.objectScore = objectScore;
        this.stability = stability;
        this.logits = logits;
    }

    /** {@return rows of the original image} */
    public int height() {
        return runs.height();
    }

    /** {@return columns of the original image} */
    public int width() {
        return runs.width();
    }

    /** {@return the pixels as COCO's run lengths} */
    public RunLengthMask runs() {
        return runs;
    }

    /** {@return the pixels, row-major, 1 on the object and 0 elsewhere} */
    public byte[] pixels() {
        return runs.pixels();
    }

    /** {@return the number of pixels on the object} */
    public long area() {
        return runs.area();
    }

    /** {@return the bounding box of the object as x, y, width, height; zeros for an empty mask} */
    public double[] boundingBox() {
        return runs.boundingBox();
    }

    /** {@return the intersection over union with the true outline that the model predicts, 0 to 1} */
    public float quality() {
        return quality;
    }

    /**
     * Returns the object score, which is above 0 if the model detects an object.
     *
     * @return the score
     */
    public float objectScore() {
        return objectScore;
    }

    /** {@return the stability of the outline to changes of the threshold: the fraction of the pixels above -1 whose logit is above 1} */
    public double stability() {
        return stability;
    }

    /** {@return height and width of {@link #lowResolution}} */
    public int lowResolutionSize() {
        return (int) Math.round(Math.sqrt(logits.length));
    }

    /** {@return a copy of the decoder's logits, row-major, at a quarter of the network's input size; above 0 on the object} */
    public float[] lowResolution() {
        return logits.clone();
    }

    /** Returns the logits as a prompt for an image of a given size. */
    float[] logitsFor(int imageHeight, int imageWidth, int size) {
        check(
                imageHeight == height() && imageWidth == width() && logits.length == size * size,
                "an earlier mask of %d x %d pixels cannot start a prompt for an image of %d x %d",
                width(),
                height(),
                imageWidth,
                imageHeight);
        return logits;
    }

    Mask withRuns(RunLengthMask changed) {
        return new Mask(changed, quality, objectScore, stability, logits);
    }

    @Override
    public String toString() {
        return "Mask[" + width() + " x " + height() + ", " + area() + " pixels, quality " + quality + "]";
    }
}
