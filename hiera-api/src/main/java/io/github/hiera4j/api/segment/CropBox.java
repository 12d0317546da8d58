package io.github.hiera4j.api.segment;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.mask.RunLengthMask;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of an image that is segmented separately.
 *
 * @param left first column
 * @param top first row
 * @param width columns
 * @param height rows
 * @param layer 0: the whole image; layer n: one of 2ⁿ × 2ⁿ crops
 */
record CropBox(int left, int top, int width, int height, int layer) {
    private static final int CHANNELS = Rgb8Image.CHANNELS;

    /** Returns all crops of all layers, starting with the whole image. */
    static List<CropBox> layers(int height, int width, AutomaticSettings settings) {
        List<CropBox> crops = new ArrayList<>();
        crops.add(new CropBox(0, 0, width, height, 0));
        for (int layer = 1; layer <= settings.cropLayers(); layer++) {
            int perSide = 1 << layer;
            int overlap = (int) (settings.cropOverlap() * Math.min(height, width) * (2.0 / perSide));
            int cropWidth = side(width, perSide, overlap);
            int cropHeight = side(height, perSide, overlap);
            for (int column = 0; column < perSide; column++) {
                for (int row = 0; row < perSide; row++) {
                    int left = Math.min((cropWidth - overlap) * column, width - 1);
                    int top = Math.min((cropHeight - overlap) * row, height - 1);
                    int right = Math.min(left + cropWidth, width);
                    int bottom = Math.min(top + cropHeight, height);
                    crops.add(new CropBox(left, top, right - left, bottom - top, layer));
                }
            }
        }
        return crops;
    }

    /** Returns the side of equal crops that cover a length with a given overlap. */
    private static int side(int length, int crops, int overlap) {
        return (int) Math.ceil((overlap * (crops - 1.0) + length) / crops);
    }

    long area() {
        return (long) width * height;
    }

    Rgb8Image cut(Rgb8Image image) {
        if (layer == 0) {
            return image;
        }
        byte[] from = image.toByteArray();
        byte[] pixels = new byte[width * height * CHANNELS];
        for (int y = 0; y < height; y++) {
            int start = ((top + y) * image.width() + left) * CHANNELS;
            System.arraycopy(from, start, pixels, y * width * CHANNELS, width * CHANNELS);
        }
        return Rgb8Image.wrap(width, height, pixels);
    }

    /** Maps a box x, y, width, height of the crop to the whole image. */
    double[] toImage(double[] box) {
        return new double[] {box[0] + left, box[1] + top, box[2], box[3]};
    }

    /** Maps a mask of the crop to the whole image. */
    RunLengthMask toImage(RunLengthMask mask, int imageHeight, int imageWidth) {
        if (layer == 0) {
            return mask;
        }
        byte[] from = mask.pixels();
        byte[] pixels = new byte[imageHeight * imageWidth];
        for (int y = 0; y < height; y++) {
            System.arraycopy(from, y * width, pixels, (top + y) * imageWidth + left, width);
        }
        return RunLengthMask.ofPixels(imageHeight, imageWidth, pixels);
    }

    /** Returns whether a box of the whole image ends near an edge of this crop that is not an edge of the image. */
    boolean cuts(double[] box, int imageHeight, int imageWidth, double distance) {
        double right = box[0] + box[2];
        double bottom = box[1] + box[3];
        return (near(box[0], left, distance) && !near(box[0], 0, distance))
                || (near(box[1], top, distance) && !near(box[1], 0, distance))
                || (near(right, left + width, distance) && !near(right, imageWidth, distance))
                || (near(bottom, top + height, distance) && !near(bottom, imageHeight, distance));
    }

    private static boolean near(double place, double edge, double distance) {
        return Math.abs(place - edge) <= distance;
    }
}
