package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A NumPy {@code .npy} file (format version 1.0) of float32 rows, written row by row.
 *
 * <p>It has a temporary name in the target's directory until {@link #finish} renames it. If it is closed without that, it is deleted.
 */
public final class NpyFile implements AutoCloseable {
    private static final int HEADER_BYTES = 128; // sufficient for any shape: the format requires a multiple of 64
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

    private final Path target;
    private final Path partial;
    private final FileChannel channel;
    private final int[] rowShape;
    private long rows;
    private boolean finished;

    /**
     * Starts a file of shape {@code [rows, rowShape…]}; the number of rows is counted while they are written.
     *
     * @param target the file
     * @param rowShape the size of every axis of one row
     */
    public NpyFile(Path target, int... rowShape) {
        this.target = target;
        this.rowShape = rowShape.clone();
        this.partial = target.resolveSibling(
                target.getFileName() + ".part-" + ProcessHandle.current().pid());
        Path directory = target.toAbsolutePath().resolveSibling("");
        check(
                Files.isDirectory(directory),
                "%s: cannot be written: the directory %s does not exist",
                target,
                directory);
        try {
            channel = FileChannel.open(
                    partial, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            channel.position(HEADER_BYTES);
        } catch (IOException fault) {
            throw new HieraException(target + ": cannot be written: " + FileFault.reason(fault), fault);
        }
    }

    /**
     * Writes a whole array.
     *
     * @param target the file
     * @param values row-major
     * @param shape the size of every axis
     */
    public static void write(Path target, float[] values, int... shape) {
        int[] rowShape = Arrays.copyOfRange(shape, 1, shape.length);
        int rowLength = Arrays.stream(rowShape).reduce(1, Math::multiplyExact);
        try (NpyFile file = new NpyFile(target, rowShape)) {
            for (int row = 0; row < shape[0]; row++) {
                file.append(Arrays.copyOfRange(values, row * rowLength, (row + 1) * rowLength));
            }
            file.finish();
        }
    }

    /**
     * Adds one row, its elements row-major.
     *
     * @param row as many numbers as {@code rowShape} requires
     */
    public void append(float[] row) {
        int expected = Arrays.stream(rowShape).reduce(1, Math::multiplyExact);
        check(row.length == expected, "%s: a row has %d numbers, got %d", target, expected, row.length);
        ByteBuffer bytes = ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(row);
        write(bytes);
        rows++;
    }

    /** Completes the file and renames it to its target. */
    public void finish() {
        try {
            channel.position(0);
            int[] shape = new int[rowShape.length + 1];
            shape[0] = Math.toIntExact(rows);
            System.arraycopy(rowShape, 0, shape, 1, rowShape.length);
            write(header("<f4", shape));
            channel.close();
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            finished = true;
        } catch (IOException fault) {
            throw new HieraException(target + ": cannot be written: " + FileFault.reason(fault), fault);
        }
    }

    /**
     * Returns the header of an array: 128 bytes.
     *
     * @param type NumPy's name of the element type
     * @param shape the size of every axis
     */
    static ByteBuffer header(String type, int... shape) {
        String sizes = Arrays.stream(shape).mapToObj(size -> size + ",").collect(Collectors.joining(" "));
        String text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
        int length = HEADER_BYTES - MAGIC.length - 2;
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).putShort((short) length);
        header.put(text.getBytes(StandardCharsets.US_ASCII));
        while (header.position() < HEADER_BYTES - 1) {
            header.put((byte) ' ');
        }
        return header.put((byte) '\n').flip();
    }

    private void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException fault) {
            throw new HieraException(target + ": cannot be written: " + FileFault.reason(fault), fault);
        }
    }

    @Override
    public void close() {
        if (!finished) {
            try {
                channel.close();
                Files.deleteIfExists(partial);
            } catch (IOException fault) {
                throw new HieraException(partial + ": cannot be removed: " + FileFault.reason(fault), fault);
            }
        }
    }
}
