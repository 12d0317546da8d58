package io.github.hiera4j.model.weights;

import io.github.hiera4j.model.tensor.HostTensor;
import java.nio.ByteBuffer;

/** Turns the bytes of a file into tensors that native code may read in place. */
public final class DenseTensors {
    private DenseTensors() {}

    /** Wraps dense little-endian bytes; copies them only where they are not aligned to the element type. */
    public static HostTensor wrap(TensorInfo info, ByteBuffer bytes) {
        if (bytes.isDirect() && bytes.alignmentOffset(0, info.dtype().bytes()) == 0) {
            return HostTensor.wrap(info.dtype(), info.shape(), bytes);
        }
        ByteBuffer aligned = ByteBuffer.allocateDirect(bytes.remaining());
        aligned.put(bytes.duplicate()).flip();
        return HostTensor.wrap(info.dtype(), info.shape(), aligned);
    }
}
