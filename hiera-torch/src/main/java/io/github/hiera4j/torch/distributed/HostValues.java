package io.github.hiera4j.torch.distributed;

import io.github.hiera4j.torch.TensorScope;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Exchanges Java arrays between processes, as tensors in host memory. */
final class HostValues {
    private HostValues() {}

    /** Sums numbers over all processes. */
    static double[] sum(GlooGroup group, double[] values) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            Tensor tensor = empty(values.length, ScalarType.Double);
            DoublePointer memory = new DoublePointer(tensor.data_ptr());
            memory.put(values, 0, values.length);
            group.sum(tensor).await();
            double[] sums = new double[values.length];
            memory.get(sums, 0, sums.length);
            return sums;
        }
    }

    /**
     * Copies the bytes of one process to all others.
     *
     * @param root rank of the process that sends
     * @param bytes the bytes in that process; an array of the same length in the others
     * @return the bytes of that process
     */
    static byte[] copy(GlooGroup group, int root, byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            Tensor tensor = empty(bytes.length, ScalarType.Byte);
            BytePointer memory = new BytePointer(tensor.data_ptr());
            memory.put(bytes, 0, bytes.length);
            group.broadcast(tensor, root).await();
            byte[] received = new byte[bytes.length];
            memory.get(received, 0, received.length);
            return received;
        }
    }

    private static Tensor empty(int elements, ScalarType type) {
        return torch.empty(new long[] {elements}, new TensorOptions(type), new MemoryFormatOptional());
    }
}
