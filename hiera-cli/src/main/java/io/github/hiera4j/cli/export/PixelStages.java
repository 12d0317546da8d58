package io.github.hiera4j.cli.export;

import io.github.hiera4j.media.preprocess.FramePreprocess;
import io.github.hiera4j.media.preprocess.Framing;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.KineticsFrames;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.onnx.graph.PixelStage;
import io.github.hiera4j.onnx.graph.PixelStage.Filter;
import io.github.hiera4j.onnx.graph.PixelStage.Fit;
import java.util.Locale;
import java.util.Optional;

/** This project's pixel preprocessing as nodes of a graph. */
final class PixelStages {
    private PixelStages() {}

    /** Returns the preprocessing of an image or a frame; throws {@code UnsupportedException} if ONNX's operators cannot express it. */
    static PixelStage of(FramePreprocess prepare) {
        if (prepare instanceof ImagePreprocess picture) {
            return ofPicture(picture);
        }
        if (prepare instanceof KineticsFrames frames) {
            Framing.ResizeThenCrop cover = new Framing.ResizeThenCrop(
                    Math.toIntExact(frames.height() * 256L / 224), Math.toIntExact(frames.width() * 256L / 224));
            return cover(cover, frames.height(), frames.width(), Filter.BILINEAR_NEAREST, frames.normalisation());
        }
        throw new UnsupportedException("this preprocessing cannot be part of the graph: export without it");
    }

    /** Returns the same stage, or empty if ONNX's operators cannot express it. */
    static Optional<PixelStage> describe(FramePreprocess prepare) {
        try {
            return Optional.of(of(prepare));
        } catch (UnsupportedException notInAGraph) {
            return Optional.empty();
        }
    }

    /** Returns the preprocessing of SAM 2, which stretches an image to a square. */
    static PixelStage ofSegmentation(int size) {
        Normalisation colours = Normalisation.IMAGENET;
        return new PixelStage(
                Fit.STRETCH, size, size, size, size, false, Filter.BILINEAR, colours.mean(), colours.std());
    }

    private static PixelStage ofPicture(ImagePreprocess picture) {
        Filter filter = filter(picture.interpolation());
        if (picture.framing() instanceof Framing.ResizeThenCrop cover) {
            return cover(cover, picture.height(), picture.width(), filter, picture.normalisation());
        }
        if (picture.framing() instanceof Framing.SquashThenCrop squash) {
            return new PixelStage(
                    Fit.STRETCH,
                    squash.height(),
                    squash.width(),
                    picture.height(),
                    picture.width(),
                    squash.roundsDown(),
                    filter,
                    picture.normalisation().mean(),
                    picture.normalisation().std());
        }
        Framing.CropThenResize part = (Framing.CropThenResize) picture.framing();
        return PixelStage.ofShare(
                part.share(),
                picture.height(),
                picture.width(),
                filter,
                picture.normalisation().mean(),
                picture.normalisation().std());
    }

    private static PixelStage cover(
            Framing.ResizeThenCrop cover, int height, int width, Filter filter, Normalisation colours) {
        return new PixelStage(
                Fit.COVER,
                cover.coverHeight(),
                cover.coverWidth(),
                height,
                width,
                cover.roundsDown(),
                filter,
                colours.mean(),
                colours.std());
    }

    private static Filter filter(Interpolation interpolation) {
        return switch (interpolation) {
            case BICUBIC -> Filter.BICUBIC_BYTES;
            case BILINEAR -> Filter.BILINEAR_BYTES;
            default ->
                throw new UnsupportedException(
                        "images for this model are resized with the filter "
                                + interpolation.name().toLowerCase(Locale.ROOT)
                                + ", which ONNX does not have: export without --with-preprocess, or with --preprocess released");
        };
    }
}
