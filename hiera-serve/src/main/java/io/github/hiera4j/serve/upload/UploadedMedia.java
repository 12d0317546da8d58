package io.github.hiera4j.serve.upload;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.DecodedImage;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.video.VideoLimits;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.serve.request.ServerLimits;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.request.Ticket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** An upload as an image or a video, within the server's limits. */
public final class UploadedMedia {
    private final Upload upload;
    private final ServerLimits limits;
    private final MediaFormat format;
    private volatile List<String> warnings = List.of();

    /**
     * Detects the type from the first bytes.
     *
     * @param upload one file of the request
     * @param limits sizes, times and numbers of requests
     * @throws HieraException if it is neither an image nor a video
     */
    public UploadedMedia(Upload upload, ServerLimits limits) {
        this.upload = upload;
        this.limits = limits;
        byte[] start = Arrays.copyOf(upload.content(), Math.min(MediaFormat.MAGIC_BYTES, upload.content().length));
        this.format = MediaFormat.detect(start).orElseThrow(() -> MediaFile.unrecognised(upload.name(), start));
    }

    /** {@return whether it is a video} */
    public boolean isVideo() {
        return format.kind() == MediaKind.VIDEO;
    }

    /**
     * Decodes an image.
     *
     * @param ticket the request's deadline and connection
     * @return the picture
     * @throws HieraException if it is a video, damaged, or has too many pixels
     */
    public Rgb8Image image(Ticket ticket) {
        check(!isVideo(), "%s: expected an image, got a video", upload.name());
        DecodedImage decoded = ticket.times()
                .during(Stage.DECODE, () -> ImageReader.decode(upload.content(), upload.name(), limits.pixels()));
        warnings = decoded.warnings();
        return decoded.image();
    }

    /** {@return problems of the most recently decoded image that did not prevent a result} */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Runs work with the decoded image, or with the video as a temporary file.
     *
     * @param <T> what is computed
     * @param ticket the request's deadline and connection
     * @param work receives the image or video
     * @return the result of the work
     * @throws HieraException if it is damaged, or beyond the limits
     */
    public <T> T read(Ticket ticket, Function<MediaInput, T> work) {
        ticket.checkWanted();
        if (isVideo()) {
            return ticket.times().during(Stage.DECODE, () -> readVideo(ticket, work));
        }
        MediaInput image = MediaInput.of(upload.name(), image(ticket));
        return ticket.times().during(Stage.PREPARE, () -> work.apply(image));
    }

    private <T> T readVideo(Ticket ticket, Function<MediaInput, T> work) {
        Path file = null;
        try {
            file = Files.createTempFile("hiera-", ".video"); // readable only by its owner
            Files.write(file, upload.content());
            checkLength(file);
            ticket.checkWanted();
            return work.apply(MediaInput.of(file));
        } catch (IOException fault) {
            throw FileFault.unreadable(upload.name(), fault);
        } catch (HieraException failure) {
            throw failure.withMessage(failure.getMessage().replace(String.valueOf(file), upload.name()));
        } finally {
            delete(file);
        }
    }

    private void checkLength(Path file) {
        Duration patience = limits.time().compareTo(VideoLimits.DEFAULT.patience()) < 0
                ? limits.time()
                : VideoLimits.DEFAULT.patience();
        try (VideoReader video = VideoReader.open(file, new VideoLimits(limits.pixels(), patience, 1))) {
            double seconds = video.info().duration();
            check(
                    seconds <= limits.videoLength().toMillis() / 1e3,
                    "%s: a video may last %d s, got %.0f s",
                    upload.name(),
                    limits.videoLength().toSeconds(),
                    seconds);
        }
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException fault) {
                file.toFile().deleteOnExit(); // still open on Windows: deleted when the JVM exits
            }
        }
    }
}
