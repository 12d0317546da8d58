package io.github.hiera4j.media.preprocess;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Framing.CropThenResize;
import io.github.hiera4j.media.preprocess.Framing.ResizeThenCrop;
import io.github.hiera4j.media.preprocess.Framing.SquashThenCrop;
import io.github.hiera4j.media.resample.Box;
import io.github.hiera4j.media.resample.Crop;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.media.resample.Resampler;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The conversion of an image to a network's input: resized with antialiasing, cropped, normalised.
 *
 * <p>For a square input, the rule of the ImageNet models is: the shorter side is resized to {@code floor(size * 256 / 224)}, the
 * longer side is rounded down, and the centre is cropped. Thread-safe.
 *
 * @param height rows of the network's input
 * @param width columns of the network's input
 * @param framing the part of the image to use
 * @param interpolation the resizing filter
 * @param normalisation mean and std
 */
public record ImagePreprocess(
        int height, int width, Framing framing, Interpolation interpolation, Normalisation normalisation)
        implements FramePreprocess {
    private static final int LARGEST_SIDE = 1 << 14;

    /**
     * Checks the values.
     *
     * @param height rows of the network's input
     * @param width columns of the network's input
     * @param framing the part of the image to use
     * @param interpolation the resizing filter
     * @param normalisation mean and std
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public ImagePreprocess {
        check(
                height > 0 && width > 0 && height <= LARGEST_SIDE && width <= LARGEST_SIDE,
                "the input size must be 1 to %d pixels, got %d x %d",
                LARGEST_SIDE,
                height,
                width);
        check(
                (!(framing instanceof ResizeThenCrop cover)
                                || (cover.coverHeight() >= height && cover.coverWidth() >= width))
                        && (!(framing instanceof SquashThenCrop squash)
                                || (squash.height() >= height && squash.width() >= width)),
                "an image resized as %s is too small for a crop of %d x %d",
                framing,
                height,
                width);
    }

    /**
     * {@return the reference rule for ImageNet models: bicubic, 256/224 of the input size, ImageNet's mean and std}
     *
     * @param height rows of the model's input
     * @param width columns of the model's input
     */
    public static ImagePreprocess imageNet(int height, int width) {
        return new ImagePreprocess(
                height,
                width,
                new ResizeThenCrop(Math.toIntExact(height * 256L / 224), Math.toIntExact(width * 256L / 224)),
                Interpolation.BICUBIC,
                Normalisation.IMAGENET);
    }

    /**
     * {@return the rule in a timm checkpoint's configuration: the image is resized to cover {@code floor(size / cropPct)}}
     *
     * @param height in pixels
     * @param width in pixels
     * @param cropPct the share of the resized side that the crop keeps, above 0 and at most 1
     * @param interpolation the filter
     * @param normalisation mean and standard deviation of the pixels
     */
    public static ImagePreprocess timm(
            int height, int width, double cropPct, Interpolation interpolation, Normalisation normalisation) {
        check(cropPct > 0 && cropPct <= 1, "crop_pct must be above 0 and at most 1, got %s", cropPct);
        return new ImagePreprocess(
                height,
                width,
                new ResizeThenCrop((int) Math.min(Integer.MAX_VALUE, Math.floor(height / cropPct)), (int)
                        Math.min(Integer.MAX_VALUE, Math.floor(width / cropPct))),
                interpolation,
                normalisation);
    }

    /** {@return the shape of one preprocessed image: {@code [1, 3, height, width]}} */
    public Shape shape() {
        return shape(1);
    }

    /**
     * {@return the network's input for one image: float32 {@code [1, 3, height, width]}}
     *
     * @param image the picture
     */
    public HostTensor apply(Rgb8Image image) {
        HostTensor tensor = HostTensor.allocate(DType.FLOAT32, shape(1));
        applyInto(image, tensor, 0);
        return tensor;
    }

    /**
     * {@return the network's input for a batch: float32 {@code [images, 3, height, width]}, computed on all cores}
     *
     * @param images the pictures
     */
    public HostTensor applyAll(List<Rgb8Image> images) {
        HostTensor batch = HostTensor.allocate(DType.FLOAT32, shape(images.size()));
        IntStream.range(0, images.size()).parallel().forEach(index -> applyInto(images.get(index), batch, index));
        return batch;
    }

    /**
     * Writes one image at its index in a batch. Several threads may write different images of one batch.
     *
     * @param image the picture
     * @param batch float32 {@code [N, 3, height, width]}
     * @param index index in the batch, from 0
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
        write(image, 0, 1, batch.floats(), index * 3 * height * width, height * width);
    }

    @Override
    public void write(Rgb8Image frame, int crop, int crops, FloatBuffer target, int offset, int planeStep) {
        check(crops == 1 || crops == 3, "a frame is cropped once or 3 times, got %d", crops);
        Framing shown = crops == 1 ? framing : framing.withoutMargin(height, width);
        double place = crops == 1 ? 0.5 : crop / 2.0;
        resize(frame, shown, place, new PlanarRows(target, offset, planeStep, width, normalisation));
    }

    /**
     * {@return the input pixels of the network before normalisation}
     *
     * @param image the picture
     */
    public Rgb8Image pixels(Rgb8Image image) {
        return pixels(image, 0.5);
    }

    /**
     * {@return the input pixels of the network for a crop at another position than the centre}
     *
     * @param image the image
     * @param place position in the remaining space: 0 start, 0.5 centre, 1 end
     */
    public Rgb8Image pixels(Rgb8Image image, double place) {
        byte[] pixels = new byte[height * width * Rgb8Image.CHANNELS];
        int rowLength = width * Rgb8Image.CHANNELS;
        resize(image, framing, place, (y, samples) -> {
            for (int i = 0; i < rowLength; i++) {
                pixels[y * rowLength + i] = (byte) samples[i];
            }
        });
        return Rgb8Image.wrap(width, height, pixels);
    }

    private void resize(Rgb8Image image, Framing shown, double place, Resampler.RowSink rows) {
        if (shown instanceof CropThenResize part) {
            Box box = Box.share(image, width, height, part.share(), place);
            Resampler.resize(image, interpolation, box, width, height, rows);
        } else if (shown instanceof ResizeThenCrop cover) {
            Crop whole = Crop.covering(image, cover.coverWidth(), cover.coverHeight());
            Resampler.resize(image, interpolation, whole.part(width, height, place, cover.roundsDown()), rows);
        } else if (shown instanceof SquashThenCrop squash) {
            Crop whole = Crop.none(squash.width(), squash.height());
            Resampler.resize(image, interpolation, whole.part(width, height, place, squash.roundsDown()), rows);
        }
    }

    private Shape shape(int images) {
        return Shape.of(images, Rgb8Image.CHANNELS, height, width);
    }

    /** Splits finished rows into normalised colour planes. */
    private static final class PlanarRows implements Resampler.RowSink {
        private final FloatBuffer target;
        private final int start;
        private final int planeStep;
        private final float[] row;
        private final float[][] tables;

        PlanarRows(FloatBuffer target, int start, int planeStep, int width, Normalisation normalisation) {
            this.target = target;
            this.start = start;
            this.planeStep = planeStep;
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
                target.put(start + channel * planeStep + y * row.length, row);
            }
        }
    }
}
