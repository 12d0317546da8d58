package io.github.hiera4j.cli.terminal;

import io.github.hiera4j.model.HieraException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Standard output or standard error in UTF-8 regardless of the locale; on Windows in the console's encoding. Unlike
 * {@link System#out} it records why a write failed.
 */
public final class StandardOutput extends PrintWriter {
    private final Recorder recorder;

    private StandardOutput(Recorder recorder) {
        super(new OutputStreamWriter(recorder, charset()), true);
        this.recorder = recorder;
    }

    public static StandardOutput out() {
        return new StandardOutput(new Recorder(new FileOutputStream(FileDescriptor.out)));
    }

    public static StandardOutput err() {
        return new StandardOutput(new Recorder(new FileOutputStream(FileDescriptor.err)));
    }

    private static Charset charset() {
        boolean windows =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
        String encoding = System.getProperty("native.encoding");
        return windows && encoding != null && Charset.isSupported(encoding)
                ? Charset.forName(encoding)
                : StandardCharsets.UTF_8;
    }

    /**
     * Flushes a writer and checks that all its output was written.
     *
     * @throws ReaderGoneException if the reader of a pipe has closed it
     * @throws HieraException if writing fails for another reason, such as a full disk
     */
    public static void check(PrintWriter writer) {
        if (!writer.checkError()) {
            return;
        }
        IOException failure = writer instanceof StandardOutput output ? output.recorder.failure : null;
        String reason = failure == null || failure.getMessage() == null ? "it is closed" : failure.getMessage();
        if (reason.contains("Broken pipe")) {
            throw new ReaderGoneException();
        }
        throw new HieraException("standard output cannot be written: " + reason);
    }

    /** Thrown when the reader of the output has closed it, as {@code head} does; the command ends early without a message. */
    public static final class ReaderGoneException extends HieraException {
        private static final long serialVersionUID = 1;

        ReaderGoneException() {
            super("the reader of standard output has closed it");
        }
    }

    /** Remembers the first failure, which a PrintWriter reduces to a flag. */
    private static final class Recorder extends FilterOutputStream {
        @Nullable
        IOException failure;

        Recorder(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException fault) {
                failure = failure == null ? fault : failure;
                throw fault;
            }
        }
    }
}
