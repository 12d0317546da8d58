package io.github.hiera4j.spark.executor;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.image.DecodedImage;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The image or video of a row; reading fails if there is none. */
final class Medium {
    private final String name;
    private final Source source;

    /** The source of the content. */
    private interface Source {
        MediaInput input();

        InputStream open() throws IOException;
    }

    private Medium(String name, Source source) {
        this.name = name;
        this.source = source;
    }

    static Medium of(String name, byte[] content) {
        return new Medium(name, new Source() {
            @Override
            public MediaInput input() {
                return MediaInput.of(name, content);
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content);
            }
        });
    }

    /** Returns the file of a path or URI; an invalid path becomes an error of the row. */
    static Medium of(String path, HadoopFiles files) {
        java.nio.file.Path local;
        try {
            local = HadoopFiles.ofThisMachine(path);
        } catch (RuntimeException fault) {
            String message = String.valueOf(fault.getMessage());
            return failing(path, fault instanceof HieraException ? message : path + ": is not a path of a file");
        }
        java.nio.file.Path file = local;
        return new Medium(path, new Source() {
            @Override
            public MediaInput input() {
                return file == null ? MediaInput.of(path, files.open(path)) : MediaInput.of(file);
            }

            @Override
            public InputStream open() throws IOException {
                return file == null ? files.open(path) : java.nio.file.Files.newInputStream(file);
            }
        });
    }

    static Medium missing(String name, String column) {
        return failing(name, name + ": column '" + column + "' is null");
    }

    static Medium failing(String name, String message) {
        InputStream failing = new LateStream(() -> {
            throw new HieraException(message);
        });
        return new Medium(name, new Source() {
            @Override
            public MediaInput input() {
                return MediaInput.of(name, failing);
            }

            @Override
            public InputStream open() {
                return failing;
            }
        });
    }

    MediaInput input() {
        return source.input();
    }

    /** Decodes an image; a video is refused. */
    DecodedImage decode() {
        try (InputStream stream = source.open()) {
            byte[] start = stream.readNBytes(MediaFormat.MAGIC_BYTES);
            boolean video = MediaFormat.detect(start)
                    .filter(format -> format.kind() == MediaKind.VIDEO)
                    .isPresent();
            checkSupported(!video, "%s: is a video; this model only supports images", name);
            byte[] rest = stream.readNBytes(MOST_BYTES);
            byte[] all = Arrays.copyOf(start, start.length + rest.length);
            System.arraycopy(rest, 0, all, start.length, rest.length);
            return ImageReader.decode(all, name);
        } catch (IOException fault) {
            throw FileFault.unreadable(name, fault);
        }
    }

    /** The largest image that is read, in bytes; a larger one is truncated and fails to decode. */
    private static final int MOST_BYTES = 256 << 20;
}
