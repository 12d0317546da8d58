package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;

/** The chunks of one input, in order. Used by one thread at a time. */
public interface ChunkReader extends AutoCloseable {
    /** {@return the number of chunks} */
    int chunks();

    /**
     * Fills a tensor with one chunk.
     *
     * @param chunk its number, from 0
     * @param target float32, of the shape of every chunk
     * @return the target; for an input of a smaller size, a smaller tensor in the target's memory
     */
    HostTensor read(int chunk, HostTensor target);

    /** {@return the faults of the input that did not prevent reading it, known once all chunks are read} */
    List<String> warnings();

    @Override
    void close();
}
