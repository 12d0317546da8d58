package io.github.hiera4j.detect.coco;

import io.github.hiera4j.model.mask.PolygonRasterizer;
import io.github.hiera4j.model.mask.RunLengthMask;
import java.util.List;

/** The shape of an instance: polygons or a bitmap. */
public sealed interface Segmentation {
    /**
     * {@return the mask in an image of the given size}
     *
     * @param height in pixels
     * @param width in pixels
     */
    RunLengthMask mask(int height, int width);

    /**
     * The union of polygons.
     *
     * @param parts each {@code x0, y0, x1, y1, …} in pixels, at least three points
     */
    record Polygons(List<double[]> parts) implements Segmentation {
        /**
         * Copies the collections.
         *
         * @param parts each {@code x0, y0, x1, y1, …} in pixels, at least three points
         */
        public Polygons {
            parts = List.copyOf(parts);
        }

        @Override
        public RunLengthMask mask(int height, int width) {
            return PolygonRasterizer.rasterize(height, width, parts);
        }
    }

    /** A bitmap with the size of its image. */
    record Bitmap(RunLengthMask runs) implements Segmentation {
        @Override
        public RunLengthMask mask(int height, int width) {
            return runs;
        }
    }
}
