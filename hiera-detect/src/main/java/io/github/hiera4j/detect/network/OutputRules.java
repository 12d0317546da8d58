package io.github.hiera4j.detect.network;

import static io.github.hiera4j.model.Check.check;

/**
 * The selection of detections, and their conversion to image coordinates.
 *
 * @param smallestScore only detections with a higher score are kept, 0 to 1
 * @param suppression largest IoU of two kept detections of one class, 0 to 1
 * @param most maximum number of detections per image
 * @param smallestSide minimum length of both sides of a box, in pixels; 0 drops no boxes
 * @param clipped whether boxes are clipped to the image after scaling, and empty ones dropped (Detectron2)
 * @param exactPaste whether masks are sampled at the centre of every pixel (Detectron2); otherwise they are padded, resized to whole
 *     pixels and pasted (torchvision)
 */
public record OutputRules(
        double smallestScore, double suppression, int most, double smallestSide, boolean clipped, boolean exactPaste) {
    /** Detectron2's rules. */
    static final OutputRules DETECTRON2 = new OutputRules(.05, .5, 100, 0, true, true);

    /** torchvision's rules. */
    static final OutputRules TORCHVISION = new OutputRules(.05, .5, 100, 1e-2, false, false);

    /**
     * Checks the values.
     *
     * @param smallestScore only detections with a higher score are kept, 0 to 1
     * @param suppression largest IoU of two kept detections of one class, 0 to 1
     * @param most maximum number of detections per image
     * @param smallestSide minimum length of both sides of a box, in pixels; 0 drops no boxes
     * @param clipped whether boxes are clipped to the image after scaling, and empty ones dropped (Detectron2)
     * @param exactPaste whether masks are sampled at the centre of every pixel (Detectron2); otherwise they are padded, resized to whole
     *     pixels and pasted (torchvision)
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public OutputRules {
        check(smallestScore >= 0 && smallestScore <= 1, "the smallest score must be 0 to 1, got %s", smallestScore);
        check(suppression >= 0 && suppression <= 1, "the IoU of detections must be 0 to 1, got %s", suppression);
        check(most >= 1 && most <= 100_000, "an image has 1 to 100000 detections, got %d", most);
        check(smallestSide >= 0, "the smallest side must be 0 or more, got %s", smallestSide);
    }
}
