package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.Check.checkIntact;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * The positions of the regular files in a tar file, according to its headers. Long names in the GNU and POSIX formats are supported.
 * Links, devices, sparse files and directories are skipped. Nothing is unpacked.
 */
final class TarIndex {
    private static final int BLOCK = 512;
    private static final long MOST_BYTES = 1L << 28; // of one file

    private TarIndex() {}

    /** A file in the archive: {@code length} bytes at {@code offset}. */
    record Entry(String name, long offset, int length) {}

    /**
     * Reads all headers of a tar file.
     *
     * @throws HieraException if the file is not a tar file, is truncated or damaged, or its headers exceed the limits
     */
    static List<Entry> read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            check(size > 0, "%s: the file is empty", file);
            checkIntact(
                    size % BLOCK == 0,
                    "%s: ends in the middle of a block of 512 bytes: not a tar file, or cut off",
                    file);
            try (TarFile tar =
                    new TarFile(new Headers(file, channel), BLOCK, BLOCK, StandardCharsets.UTF_8.name(), false)) {
                return entries(file, tar, size);
            }
        } catch (IOException e) {
            if (e.getCause() instanceof HieraException fault) {
                throw fault;
            }
            throw isSystemFault(e) ? FileFault.unreadable(file, e) : damaged(file, e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
            throw damaged(file, e); // the library throws this for some kinds of damage
        }
    }

    private static DamagedFileException damaged(Path file, Exception fault) {
        boolean cutOff =
                String.valueOf(fault.getMessage()).toLowerCase(Locale.ROOT).contains("truncated");
        return new DamagedFileException(
                file + (cutOff ? ": ends too early: it was cut off" : ": not a tar file, or a damaged one"), fault);
    }

    private static boolean isSystemFault(IOException fault) {
        return fault instanceof java.nio.file.FileSystemException
                || fault instanceof java.nio.channels.ClosedChannelException;
    }

    private static List<Entry> entries(Path file, TarFile tar, long size) {
        List<Entry> entries = new ArrayList<>();
        for (TarArchiveEntry entry : tar.getEntries()) {
            check(entry.isCheckSumOK(), "%s: not a tar file, or a damaged one", file);
            boolean regular = (entry.getLinkFlag() == '0' || entry.getLinkFlag() == 0) && !entry.isSparse();
            if (!regular || entry.isDirectory()) {
                continue;
            }
            String name = Printable.of(entry.getName());
            long offset = entry.getDataOffset();
            long length = entry.getSize();
            check(
                    offset >= 0 && length >= 0 && length <= size - offset,
                    "%s: the entry %s reaches beyond the end of the file",
                    file,
                    name);
            check(length <= MOST_BYTES, "%s: the entry %s is too large (%d bytes)", file, name, length);
            entries.add(new Entry(entry.getName(), offset, (int) length));
        }
        return entries;
    }

    /** Reads a range of bytes of a file. */
    static byte[] bytes(FileChannel channel, long start, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, start + buffer.position()) < 0) {
                throw new IOException("the file ends too early");
            }
        }
        return buffer.array();
    }

    /**
     * A channel that returns a limited number of bytes. The tar library keeps headers in memory, so without a limit a file that
     * declares a name of a gigabyte would occupy as much memory.
     */
    private static final class Headers implements SeekableByteChannel {
        private static final long MOST_IN_ALL = 1L << 27;
        private static final long MOST_IN_A_ROW = 1L << 22;

        private final Path file;
        private final FileChannel channel;
        private long all;
        private long row;
        private long expected;

        Headers(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            row = channel.position() == expected ? row : 0;
            int count = channel.read(target);
            all += Math.max(0, count);
            row += Math.max(0, count);
            expected = channel.position();
            if (row > MOST_IN_A_ROW || all > MOST_IN_ALL) {
                throw refusal(row > MOST_IN_A_ROW ? "an entry whose headers are" : "headers of");
            }
            return count;
        }

        /** Returns the refusal as an {@code IOException} with a cause: the library wraps other exceptions, but keeps causes. */
        private IOException refusal(String what) {
            long most = row > MOST_IN_A_ROW ? MOST_IN_A_ROW : MOST_IN_ALL;
            String message =
                    file + ": has " + what + " more than " + (most >> 20) + " MB; pack the data in smaller files";
            return new IOException(message, new HieraException(message));
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            channel.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            throw new IOException("opened for reading");
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            throw new IOException("opened for reading");
        }
    }
}
