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
 * How pictures and clips are prepared: as the checkpoint says, else as the released models were trained.
 *
 * @param images pictures, and the frames of videos that a picture model sees
 * @param videos clips
 * @param options which clips, where a caller does not say
 */
public record Preprocessing(ImagePreprocess images, VideoPreprocess videos, ReadOptions options) {

    static Preprocessing released(int height, int width) {
        return new Preprocessing(
                ImagePreprocess.imageNet(height, width), VideoPreprocess.kinetics(height, width), ReadOptions.DEFAULT);
    }

    /**
     * As the caller says; else as the checkpoint does, if the caller lets it; else as the released models were trained.
     *
     * @param checkpoint the model's files
     * @param config the model at the size at which it runs, any padding included
     * @param options what the caller says
     * @return the preprocessing
     * @throws HieraException if the checkpoint requests one that is not supported, or the caller's gives another size
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
                "the model takes %d x %d pixels (height x width), the preprocessing of %s gives %d x %d",
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
            throw e.withMessage(checkpoint.path() + ": cannot prepare pictures as its configuration says: "
                    + e.getMessage() + "; prepare them as for the released models (--preprocess released)");
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

    /** All of a picture at some size, with this one's filters and colours: no margin is cut off. */
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

    /** The resized side of which the crop keeps a share, rounded down as timm does. */
    private static int covered(int side, double share) {
        return (int) Math.min(Integer.MAX_VALUE, Math.floor(side / share));
    }
}
