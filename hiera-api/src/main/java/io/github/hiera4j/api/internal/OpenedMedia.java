package io.github.hiera4j.api.internal;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.DecodedImage;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An input that is being processed: a decoded picture, or an open video. */
public final class OpenedMedia implements AutoCloseable {
    private static final int LARGEST_PICTURE = 256 << 20;
    private static final long LARGEST_VIDEO = 16L << 30;

    private final @Nullable DecodedImage picture;
    private final @Nullable VideoReader video;
    private final @Nullable Path temporary;

    private OpenedMedia(@Nullable DecodedImage picture, @Nullable VideoReader video, @Nullable Path temporary) {
        this.picture = picture;
        this.video = video;
        this.temporary = temporary;
    }

    public static OpenedMedia of(Rgb8Image picture) {
        return of(new DecodedImage(picture, List.of()));
    }

    public static OpenedMedia of(DecodedImage picture) {
        return new OpenedMedia(picture, null, null);
    }

    public static OpenedMedia video(Path file) {
        return new OpenedMedia(null, VideoReader.open(file), null);
    }

    public static OpenedMedia of(String name, byte[] content) {
        return isVideo(content)
                ? spooled(name, new ByteArrayInputStream(content))
                : of(ImageReader.decode(content, name));
    }

    public static OpenedMedia of(String name, InputStream content) {
        try (content) {
            byte[] start = content.readNBytes(MediaFormat.MAGIC_BYTES);
            InputStream all = new SequenceInputStream(new ByteArrayInputStream(start), content);
            if (isVideo(start)) {
                return spooled(name, all);
            }
            byte[] bytes = all.readNBytes(LARGEST_PICTURE + 1);
            check(
                    bytes.length <= LARGEST_PICTURE,
                    "%s: an image from a stream may have up to %d bytes, got more",
                    name,
                    LARGEST_PICTURE);
            return of(ImageReader.decode(bytes, name));
        } catch (IOException fault) {
            throw FileFault.unreadable(name, fault);
        }
    }

    private static boolean isVideo(byte[] start) {
        return MediaFormat.detect(start).map(MediaFormat::kind).orElse(MediaKind.IMAGE) == MediaKind.VIDEO;
    }

    /** Copies the video to a file: FFmpeg seeks, and its native code must not call back into Java. */
    private static OpenedMedia spooled(String name, InputStream content) {
        Path file = null;
        try {
            file = Files.createTempFile("hiera-", ".video");
            copy(name, content, file);
            return new OpenedMedia(null, VideoReader.open(file), file);
        } catch (IOException fault) {
            delete(file);
            throw FileFault.unreadable(name, fault);
        } catch (HieraException failure) {
            delete(file);
            throw failure.withMessage(failure.getMessage().replace(String.valueOf(file), name));
        } catch (RuntimeException | Error failure) {
            delete(file);
            throw failure;
        }
    }

    private static void copy(String name, InputStream content, Path file) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                total += count;
                check(
                        total <= LARGEST_VIDEO,
                        "%s: a video from a stream may have up to %d bytes, got more",
                        name,
                        LARGEST_VIDEO);
                out.write(buffer, 0, count);
            }
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException fault) {
                file.toFile().deleteOnExit(); // still open on Windows: deleted with the JVM's exit
            }
        }
    }

    public boolean isVideo() {
        return video != null;
    }

    public Rgb8Image picture() {
        return Objects.requireNonNull(picture).image();
    }

    public VideoReader video() {
        return Objects.requireNonNull(video);
    }

    /** Returns notes for the user: damage that was skipped, a truncated video. */
    public List<String> warnings() {
        return video != null
                ? video.warnings()
                : Objects.requireNonNull(picture).warnings();
    }

    @Override
    public void close() {
        if (video != null) {
            video.close();
        }
        delete(temporary);
    }
}
