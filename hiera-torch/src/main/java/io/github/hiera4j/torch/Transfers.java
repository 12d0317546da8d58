package io.github.hiera4j.torch;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Copies the inputs and outputs of runs between host tensors and the device that computes.
 *
 * <p>A GPU copies from and to page-locked memory several times as fast as from and to other memory. Large tensors therefore pass through
 * page-locked memory; several threads fill it and convert to or from the element type of the run. libtorch keeps page-locked memory for
 * the next copy, and does not reuse it before the GPU has read it.
 */
public final class Transfers {
    /** The driver copies a tensor of fewer bytes through page-locked memory of its own. */
    private static final long LARGE = 1 << 16;

    private Transfers() {}

    /**
     * {@return a copy on a device, which belongs to the current scope} On a GPU, kernels that are started later on the current stream
     * read the complete copy.
     *
     * @param host the tensor to copy
     * @param device the device of the copy
     * @param type the element type of the copy
     */
    public static Tensor toDevice(HostTensor host, Device device, ScalarType type) {
        if (device.is_cpu() || host.bytes().remaining() < LARGE) {
            return NativeTensors.copyOf(host, device, type);
        }
        try (Tensor pinned = pinned(NativeTensors.sizes(host.shape()), type)) {
            NativeTensors.copy(host, pinned);
            return pinned.to(device, type, true, false, new MemoryFormatOptional());
        }
    }

    /**
     * Overwrites a tensor on a GPU. Kernels that are started later on the current stream read the new values.
     *
     * @param host the new values
     * @param target a tensor of the same shape on a GPU
     */
    static void toDevice(HostTensor host, Tensor target) {
        try (Tensor pinned = pinned(NativeTensors.sizes(host.shape()), target.scalar_type())) {
            NativeTensors.copy(host, pinned);
            target.copy_(pinned, true);
        }
    }

    /**
     * {@return the outputs of a run as host tensors} Waits until they are computed.
     *
     * @param outputs by name, on any device
     */
    public static Map<String, HostTensor> toHost(Map<String, Tensor> outputs) {
        Map<String, HostTensor> results = new LinkedHashMap<>();
        outputs.forEach((name, tensor) -> results.put(name, toHost(tensor)));
        return results;
    }

    /**
     * {@return the values of a tensor} Waits until they are computed.
     *
     * @param tensor on any device
     */
    public static HostTensor toHost(Tensor tensor) {
        if (!tensor.is_cuda() || tensor.nbytes() < LARGE) {
            return NativeTensors.toHost(tensor);
        }
        try (Tensor pinned = pinned(tensor.sizes().vec().get(), tensor.scalar_type())) {
            pinned.copy_(tensor);
            return NativeTensors.toHost(pinned);
        }
    }

    private static Tensor pinned(long[] sizes, ScalarType type) {
        return torch.empty(sizes, new TensorOptions(type).pinned_memory(new BoolOptional(true)), null);
    }
}
