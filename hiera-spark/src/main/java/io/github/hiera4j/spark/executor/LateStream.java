package io.github.hiera4j.spark.executor;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A stream that is opened by the first read, so that waiting rows hold no connections. */
final class LateStream extends InputStream {
    private final Opener opener;
    private @Nullable InputStream opened;

    /** Opens the stream. */
    @FunctionalInterface
    interface Opener {
        InputStream open() throws IOException;
    }

    LateStream(Opener opener) {
        this.opener = opener;
    }

    private InputStream stream() throws IOException {
        InputStream stream = opened;
        if (stream == null) {
            stream = opener.open();
            opened = stream;
        }
        return stream;
    }

    @Override
    public int read() throws IOException {
        return stream().read();
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
        return stream().read(target, from, count);
    }

    @Override
    public void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }
}
