package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.preprocess.FramePreprocess;
import io.github.hiera4j.media.preprocess.Framing;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.preprocess.VideoPreprocess;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.weights.config.PreprocessHints;

/**
 * The preprocessing of pictures and clips: that of the checkpoint's configuration if present, otherwise that of the released models.
 *
 * @param images pictures, and the frames of videos that a picture model sees
 * @param videos clips
 * @param options the default clips and crops
 */
public record Preprocessing(ImagePreprocess images, VideoPreprocess videos, ReadOptions options) {

    static Preprocessing released(int height, int width) {
        return new Preprocessing(
                ImagePreprocess.imageNet(height, width), VideoPreprocess.kinetics(height, width), ReadOptions.DEFAULT);
    }

    /**
     * Returns the caller's preprocessing if set; otherwise that of the checkpoint, if the options allow it; otherwise that of the
     * released models.
     *
     * @param checkpoint the model's files
     * @param config the model at the size at which it runs, including padding
     * @param options the caller's options
     * @return the preprocessing
     * @throws HieraException if that of the checkpoint is not supported, or that of the caller has another size
     */
    public static Preprocessing of(Checkpoint checkpoint, HieraConfig config, LoadOptions options) {
        int height = options.size().seenRows(config);
        int width = options.size().seenColumns(config);
        Preprocessing base = options.ownPreprocessing() ? hinted(checkpoint, height, width) : released(height, width);
        ImagePreprocess images = options.imagePreprocess().orElse(base.images);
        VideoPreprocess videos = options.videoPreprocess().orElse(base.videos);
        requireSize("images", images, height, width);
        requireSize("clips", videos.frames(), height, width);
        return new Preprocessing(images, videos, base.options);
    }

    private static void requireSize(String what, FramePreprocess prepare, int height, int width) {
        check(
                prepare.height() == height && prepare.width() == width,
                "the model takes %d x %d pixels (height x width), the preprocessing of %s returns %d x %d",
                height,
                width,
                what,
                prepare.height(),
                prepare.width());
    }

    private static Preprocessing hinted(Checkpoint checkpoint, int height, int width) {
        try {
            return checkpoint
                    .preprocessHints()
                    .map(hints -> hinted(height, width, hints))
                    .orElseGet(() -> released(height, width));
        } catch (HieraException e) {
            throw e.withMessage(checkpoint.path() + ": the preprocessing of its configuration is not supported: "
                    + e.getMessage() + "; use that of the released models (--preprocess released)");
        }
    }

    private static Preprocessing hinted(int height, int width, PreprocessHints hints) {
        Interpolation interpolation = Interpolation.parse(hints.interpolation());
        Normalisation normalisation = new Normalisation(hints.mean(), hints.std());
        Framing framing = framing(height, width, hints);
        ImagePreprocess images = new ImagePreprocess(height, width, framing, interpolation, normalisation);
        ReadOptions options = hints.views()
                .map(views -> ReadOptions.DEFAULT
                        .withViews(views.clips(), views.crops())
                        .withStride(views.frameStride()))
                .orElse(ReadOptions.DEFAULT);
        return new Preprocessing(images, new VideoPreprocess(images), options);
    }

    /** Returns the preprocessing of a whole picture at a given size, with this one's filters and colours and without cropping. */
    Preprocessing whole(int height, int width) {
        Framing all = new Framing.CropThenResize(1);
        ImagePreprocess pictures =
                new ImagePreprocess(height, width, all, images.interpolation(), images.normalisation());
        ImagePreprocess frames = videos.frames() instanceof ImagePreprocess own
                ? new ImagePreprocess(height, width, all, own.interpolation(), own.normalisation())
                : new ImagePreprocess(height, width, all, Interpolation.BILINEAR, Normalisation.KINETICS);
        return new Preprocessing(pictures, new VideoPreprocess(frames), options);
    }

    private static Framing framing(int height, int width, PreprocessHints hints) {
        double share = hints.cropPct();
        int coverHeight = covered(height, share);
        int coverWidth = covered(width, share);
        return switch (hints.cropOrder()) {
            case RESIZE_THEN_CROP -> new Framing.ResizeThenCrop(coverHeight, coverWidth);
            case RESIZE_THEN_CROP_DOWN -> new Framing.ResizeThenCrop(coverHeight, coverWidth, true);
            case SQUASH_THEN_CROP -> new Framing.SquashThenCrop(coverHeight, coverWidth, false);
            case SQUASH_THEN_CROP_DOWN -> new Framing.SquashThenCrop(coverHeight, coverWidth, true);
            case CROP_THEN_RESIZE -> new Framing.CropThenResize(share);
        };
    }

    /** Returns the resized side of which the crop keeps a fraction, rounded down as in timm. */
    private static int covered(int side, double share) {
        return (int) Math.min(Integer.MAX_VALUE, Math.floor(side / share));
    }
}
