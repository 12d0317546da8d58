package io.github.hiera4j.detect.coco;

/**
 * The size of an image at test time: the shorter side is resized to {@code shortest}, unless the longer side would exceed
 * {@code longest}.
 *
 * @param height in pixels
 * @param width in pixels
 */
public record TestSize(int height, int width) {
    /**
     * {@return the size for an image, rounded as in Detectron2}
     *
     * @param height in pixels
     * @param width in pixels
     * @param shortest the shortest side in pixels
     * @param longest the longest side in pixels
     */
    public static TestSize of(int height, int width, int shortest, int longest) {
        double factor = (double) shortest / Math.min(height, width);
        double newHeight = height < width ? shortest : factor * height;
        double newWidth = height < width ? factor * width : shortest;
        double larger = Math.max(newHeight, newWidth);
        if (larger > longest) {
            double shrink = longest / larger;
            newHeight *= shrink;
            newWidth *= shrink;
        }
        return new TestSize((int) (newHeight + .5), (int) (newWidth + .5));
    }
}
