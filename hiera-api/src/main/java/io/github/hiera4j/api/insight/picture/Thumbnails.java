package io.github.hiera4j.api.insight.picture;

import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.preprocess.Framing;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.media.video.VideoReader;
import java.nio.file.Path;

/** Creates small copies of pictures with the same aspect ratio. */
public final class Thumbnails {
    private Thumbnails() {}

    /**
     * Returns a small copy of an image file, or of the middle frame of a video.
     *
     * @param file the image or video
     * @param side its longest side, in pixels
     * @return the copy
     */
    public static Rgb8Image of(Path file, int side) {
        if (MediaFile.recognise(file).kind() == MediaKind.IMAGE) {
            return of(ImageReader.read(file), side);
        }
        try (VideoReader video = VideoReader.open(file)) {
            return of(video.framesAt(video.info().duration() / 2).get(0), side);
        }
    }

    /**
     * Returns a small copy of a picture.
     *
     * @param picture the picture
     * @param side its longest side, in pixels
     * @return the copy
     */
    public static Rgb8Image of(Rgb8Image picture, int side) {
        int longest = Math.max(picture.width(), picture.height());
        int width = Math.max(1, Math.round((float) picture.width() * side / longest));
        int height = Math.max(1, Math.round((float) picture.height() * side / longest));
        Framing whole = new Framing.CropThenResize(1);
        return new ImagePreprocess(height, width, whole, Interpolation.BILINEAR, Normalisation.IMAGENET)
                .pixels(picture);
    }
}
