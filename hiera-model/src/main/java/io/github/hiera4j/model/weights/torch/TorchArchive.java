package io.github.hiera4j.model.weights.torch;

import static io.github.hiera4j.model.Check.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A container of a PyTorch checkpoint, zip or legacy: its unpickled value and the bytes of its storages. */
public interface TorchArchive {
    /** {@return the usual name of the container} */
    String format();

    /** {@return the unpickled value, after a check that all storages are complete} */
    Object root();

    /**
     * Copies bytes of a storage to a buffer, from the buffer's position to its limit.
     *
     * @param storage the storage
     * @param offset bytes from the start
     * @param target filled from its position to its limit
     */
    void readInto(TorchStorage storage, long offset, ByteBuffer target);

    /**
     * {@return a copy of some bytes of a storage, little-endian}
     *
     * @param storage the storage
     * @param offset bytes from the start
     * @param length bytes
     */
    default ByteBuffer read(TorchStorage storage, long offset, long length) {
        check(length <= Integer.MAX_VALUE, "a range of %d bytes is more than 2 GiB", length);
        ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        readInto(storage, offset, bytes);
        return bytes.flip();
    }

    /** Reads everything once and verifies the checksums, if the container has any. */
    default void verifyChecksums() {}
}
