package io.github.hiera4j.media;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How an image becomes a network's input: resized with antialiasing until it just covers {@code coverHeight x
 * coverWidth}, cropped at the centre to {@code height x width}, normalised.
 *
 * <p>For a square input this is the rule of the ImageNet models: shorter side to {@code floor(size * 256 / 224)}, longer
 * side rounded down, centre crop. Thread-safe.
 *
 * @param height rows of the network's input
 * @param width columns of the network's input
 * @param coverHeight rows the resized image has at least, {@code >= height}
 * @param coverWidth columns the resized image has at least, {@code >= width}
 * @param interpolation the resizing filter
 * @param normalisation mean and std
 */
public record ImagePreprocess(
        int height,
        int width,
        int coverHeight,
        int coverWidth,
        Interpolation interpolation,
        Normalisation normalisation) {
    private static final int LARGEST_SIDE = 1 << 14;

    public ImagePreprocess {
        check(
                height > 0 && width > 0 && height <= LARGEST_SIDE && width <= LARGEST_SIDE,
                "the input size must lie between 1 and %d pixels, got %d x %d",
                LARGEST_SIDE,
                height,
                width);
        check(
                coverHeight >= height && coverWidth >= width,
                "an image resized to cover %d x %d is too small for a crop of %d x %d",
                coverHeight,
                coverWidth,
                height,
                width);
    }

    /**
     * The reference's rule for ImageNet models: bicubic, 256/224 of the input size, ImageNet's mean and std.
     *
     * @param height rows of the model's input
     * @param width columns of the model's input
     */
    public static ImagePreprocess imageNet(int height, int width) {
        return new ImagePreprocess(
                height,
                width,
                Math.toIntExact(height * 256L / 224),
                Math.toIntExact(width * 256L / 224),
                Interpolation.BICUBIC,
                Normalisation.IMAGENET);
    }

    /**
     * The rule of a timm checkpoint's own configuration: the image is resized to cover {@code floor(size / cropPct)}.
     *
     * @param cropPct the part of the resized side that the crop keeps, above 0 and at most 1
     */
    public static ImagePreprocess timm(
            int height, int width, double cropPct, Interpolation interpolation, Normalisation normalisation) {
        check(cropPct > 0 && cropPct <= 1, "crop_pct must lie above 0 and be at most 1, got %s", cropPct);
        return new ImagePreprocess(
                height,
                width,
                (int) Math.min(Integer.MAX_VALUE, Math.floor(height / cropPct)),
                (int) Math.min(Integer.MAX_VALUE, Math.floor(width / cropPct)),
                interpolation,
                normalisation);
    }

    /** The shape one image becomes: {@code [1, 3, height, width]}. */
    public Shape shape() {
        return shape(1);
    }

    /** The network's input for one image: float32 {@code [1, 3, height, width]}. */
    public HostTensor apply(Rgb8Image image) {
        HostTensor tensor = HostTensor.allocate(DType.FLOAT32, shape(1));
        applyInto(image, tensor, 0);
        return tensor;
    }

    /** The network's input for a batch: float32 {@code [images, 3, height, width]}, made by all cores. */
    public HostTensor applyAll(List<Rgb8Image> images) {
        HostTensor batch = HostTensor.allocate(DType.FLOAT32, shape(images.size()));
        IntStream.range(0, images.size()).parallel().forEach(index -> applyInto(images.get(index), batch, index));
        return batch;
    }

    /**
     * Writes one image into its place in a batch. Several threads may fill different places of one batch.
     *
     * @param batch float32 {@code [N, 3, height, width]}
     * @param index which of the N, from 0
     */
    public void applyInto(Rgb8Image image, HostTensor batch, int index) {
        Shape shape = batch.shape();
        check(
                shape.rank() == 4 && index >= 0 && index < shape.size(0) && shape.equals(shape(shape.size(0))),
                "image %d needs a batch of shape [more than %d, 3, %d, %d], got %s",
                index,
                index,
                height,
                width,
                shape);
        PlanarRows rows =
                new PlanarRows(batch.floats(), index * 3 * height * width, height * width, width, normalisation);
        Resampler.resize(image, interpolation, crop(image), rows);
    }

    /** The pixels the network sees, before normalisation. */
    public Rgb8Image pixels(Rgb8Image image) {
        byte[] pixels = new byte[height * width * Rgb8Image.CHANNELS];
        int rowLength = width * Rgb8Image.CHANNELS;
        Resampler.resize(image, interpolation, crop(image), (y, samples) -> {
            for (int i = 0; i < rowLength; i++) {
                pixels[y * rowLength + i] = (byte) samples[i];
            }
        });
        return Rgb8Image.wrap(width, height, pixels);
    }

    private Crop crop(Rgb8Image image) {
        return Crop.covering(image, coverWidth, coverHeight, width, height, 0.5);
    }

    private Shape shape(int images) {
        return Shape.of(images, Rgb8Image.CHANNELS, height, width);
    }

    /** Splits finished rows into normalised colour planes. */
    private static final class PlanarRows implements Resampler.RowSink {
        private final FloatBuffer target;
        private final int start;
        private final int planeSize;
        private final float[] row;
        private final float[][] tables;

        PlanarRows(FloatBuffer target, int start, int planeSize, int width, Normalisation normalisation) {
            this.target = target;
            this.start = start;
            this.planeSize = planeSize;
            this.row = new float[width];
            this.tables = new float[][] {normalisation.table(0), normalisation.table(1), normalisation.table(2)};
        }

        @Override
        public void accept(int y, int[] samples) {
            for (int channel = 0; channel < Rgb8Image.CHANNELS; channel++) {
                float[] table = tables[channel];
                for (int x = 0; x < row.length; x++) {
                    row[x] = table[samples[x * Rgb8Image.CHANNELS + channel]];
                }
                target.put(start + channel * planeSize + y * row.length, row);
            }
        }
    }
}
