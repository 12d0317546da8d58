package io.github.hiera4j.api;

import io.github.hiera4j.api.internal.BufferedImages;
import io.github.hiera4j.api.internal.OpenedMedia;
import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * One image or video for a model, from any source: a file, bytes, a stream, or decoded pixels.
 *
 * <p>Creating an input reads nothing. Whether it is an image or a video is detected from its content when it is processed.
 */
public final class MediaInput {
    private final String name;
    private final Optional<Path> file;
    private final Source source;

    /** Opens the content when it is processed. */
    private interface Source {
        OpenedMedia open();
    }

    private MediaInput(String name, Optional<Path> file, Source source) {
        this.name = Objects.requireNonNull(name, "name");
        this.file = file;
        this.source = source;
    }

    /**
     * Creates an input from an image or video file.
     *
     * @param file the image or video file
     * @return the input, read when a call needs it
     */
    public static MediaInput of(Path file) {
        Objects.requireNonNull(file, "file");
        return new MediaInput(file.toString(), Optional.of(file), () -> open(file));
    }

    /**
     * Creates an input from a compressed image or video in memory. The array is not copied: do not change it before the result is
     * available. A video is written to a temporary file while it is read.
     *
     * @param name the name in results and messages
     * @param content the compressed image or video
     * @return the input, read when a call needs it
     */
    public static MediaInput of(String name, byte[] content) {
        Objects.requireNonNull(content, "content");
        return new MediaInput(name, Optional.empty(), () -> OpenedMedia.of(name, content));
    }

    /**
     * Creates an input from a stream with a compressed image or video. The stream is read to its end and closed when the input is processed,
     * which is possible only once. Images of up to 256 MiB are kept in memory; a video of up to 16 GiB is written to a temporary file
     * while it is read.
     *
     * @param name the name in results and messages
     * @param content the compressed image or video
     * @return the input, read when a call needs it
     */
    public static MediaInput of(String name, InputStream content) {
        Objects.requireNonNull(content, "content");
        return new MediaInput(name, Optional.empty(), () -> OpenedMedia.of(name, content));
    }

    /**
     * Creates an input from a decoded image.
     *
     * @param name the name in results and messages
     * @param image the decoded image
     * @return the input, read when a call needs it
     */
    public static MediaInput of(String name, Rgb8Image image) {
        Objects.requireNonNull(image, "image");
        return new MediaInput(name, Optional.empty(), () -> OpenedMedia.of(image));
    }

    /**
     * Creates an input from a decoded image. Its pixels are copied by this call and converted to 8-bit sRGB: alpha is dropped without
     * blending, the samples of 8-bit grey images are taken unchanged, those of 16-bit grey images are rounded to 8 bits.
     *
     * @param name the name in results and messages
     * @param image the decoded image
     * @return the input, read when a call needs it
     */
    public static MediaInput of(String name, BufferedImage image) {
        return of(name, BufferedImages.toRgb(image));
    }

    /** {@return the file's path as it was given, or the name that the caller chose} */
    public String name() {
        return name;
    }

    /** {@return the file, if the input is a file} */
    public Optional<Path> file() {
        return file;
    }

    /** Opens the content: an image is decoded, a video's container is read. */
    OpenedMedia open() {
        return source.open();
    }

    private static OpenedMedia open(Path file) {
        return MediaFile.recognise(file).kind() == MediaKind.VIDEO
                ? OpenedMedia.video(file)
                : OpenedMedia.of(ImageReader.decode(file));
    }

    @Override
    public String toString() {
        return name;
    }
}
