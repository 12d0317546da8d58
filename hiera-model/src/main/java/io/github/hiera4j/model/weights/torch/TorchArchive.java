package io.github.hiera4j.model.weights.torch;

import java.nio.ByteBuffer;

/** The two containers PyTorch has used: what they unpickle to, and where the storages' bytes are. */
public interface TorchArchive {
    /** How people call the container. */
    String format();

    /** The unpickled value, storages checked to be there in full. */
    Object root();

    /** Some bytes of a storage. */
    ByteBuffer read(TorchStorage storage, long offset, long length);

    /** Reads everything once and compares it with its checksums, where the container has any. */
    default void verifyChecksums() {}
}
