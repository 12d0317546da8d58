package io.github.hiera4j.torch;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.natives.NativeDefaults;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Conversions between host tensors and libtorch's tensors; all conversions are in this class. */
public final class NativeTensors {
    static {
        NativeDefaults.load(torch.class);
    }

    private NativeTensors() {}

    /**
     * {@return libtorch's name of an element type}
     *
     * @param dtype the element type of the host tensor
     */
    public static ScalarType scalarType(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> ScalarType.Double;
            case FLOAT32 -> ScalarType.Float;
            case FLOAT16 -> ScalarType.Half;
            case BFLOAT16 -> ScalarType.BFloat16;
            case INT64 -> ScalarType.Long;
            case INT32 -> ScalarType.Int;
            case INT16 -> ScalarType.Short;
            case INT8 -> ScalarType.Char;
            case UINT8 -> ScalarType.Byte;
            case BOOL -> ScalarType.Bool;
        };
    }

    /**
     * {@return the named device, after checking that it exists}
     *
     * @param name {@code cpu}, {@code cuda} or {@code cuda:N}
     */
    public static Device device(String name) {
        if (name.equals("cpu")) {
            return new Device(name);
        }
        check(
                torch.cuda_is_available(),
                "device '%s' is not available: it needs NVIDIA's driver and libtorch's GPU artifacts on the class path"
                        + " (docs/dependencies.md, On a GPU)",
                name);
        int gpus = torch.cuda_device_count();
        check(
                name.equals("cuda") || Integer.parseInt(name.substring("cuda:".length())) < gpus,
                "device '%s' does not exist: the last GPU is cuda:%d",
                name,
                gpus - 1);
        keepPrecision();
        return new Device(name);
    }

    /**
     * Throws a {@code HieraException} unless a device exists.
     *
     * @param name {@code cpu}, {@code cuda} or {@code cuda:N}
     */
    public static void requireDevice(String name) {
        device(name).close();
    }

    /** By default, libtorch rounds the factors of float32 convolutions to 10 bits, and partial sums of 16-bit products to 16 bits. */
    private static void keepPrecision() {
        Context context = torch.globalContext();
        context.setAllowTF32CuDNN(false);
        context.setAllowBF16ReductionCuBLAS(false);
        context.setAllowFP16ReductionCuBLAS(false);
    }

    /**
     * {@return a copy in libtorch's memory, converted to the element type and device}
     *
     * @param host the tensor to copy
     * @param device the device of the tensor
     * @param type the element type in libtorch
     */
    public static Tensor copyOf(HostTensor host, Device device, ScalarType type) {
        try (BytePointer address = address(host)) {
            if (device.is_cpu()) {
                return over(address, host).to(device, type, false, true, new MemoryFormatOptional());
            }
            // The GPU converts: libtorch would convert on the processor, with one thread.
            Tensor stored =
                    over(address, host).to(device, scalarType(host.dtype()), false, true, new MemoryFormatOptional());
            return stored.scalar_type().intern() == type.intern() ? stored : stored.to(type);
        } finally {
            Reference.reachabilityFence(host); // keeps the tensor alive while native code reads its memory
        }
    }

    /**
     * Overwrites a tensor, on any device.
     *
     * @param host the new values
     * @param target a dense tensor of the same shape; values are converted to its element type
     */
    static void copy(HostTensor host, Tensor target) {
        try (BytePointer address = address(host)) {
            target.copy_(over(address, host));
        } finally {
            Reference.reachabilityFence(host);
        }
    }

    private static BytePointer address(HostTensor host) {
        ByteBuffer bytes = host.bytes();
        return bytes.isDirect() ? new BytePointer(bytes) : copyOfHeap(bytes);
    }

    /** Creates a tensor over memory that it does not own; it is valid as long as the memory. */
    private static Tensor over(Pointer address, HostTensor host) {
        return torch.from_blob(address, sizes(host.shape()), new TensorOptions(scalarType(host.dtype())));
    }

    private static BytePointer copyOfHeap(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return new BytePointer(copy);
    }

    /**
     * Creates a tensor that a reader fills in place, so that no second copy of it exists.
     *
     * @param dtype the element type of the host tensor
     * @param shape size by axis
     * @param device the device of the tensor
     * @param type the element type in libtorch
     * @param fill writes a tensor of the given element type and shape, and must not keep it
     * @return the tensor on the requested device and in the requested element type; belongs to the current scope
     */
    public static Tensor filled(DType dtype, Shape shape, Device device, ScalarType type, Consumer<HostTensor> fill) {
        Tensor stored = torch.empty(sizes(shape), new TensorOptions(scalarType(dtype)), new MemoryFormatOptional());
        try {
            BytePointer memory = new BytePointer(stored.data_ptr());
            ByteBuffer bytes = memory.capacity(shape.elements() * dtype.bytes()).asByteBuffer();
            fill.accept(HostTensor.wrap(dtype, shape, bytes.order(ByteOrder.LITTLE_ENDIAN)));
        } finally {
            Reference.reachabilityFence(stored);
        }
        boolean isDone = device.is_cpu() && scalarType(dtype).intern() == type.intern();
        return isDone ? stored : stored.to(device, type, false, true, new MemoryFormatOptional());
    }

    /**
     * Copies a tensor to host memory: float32 unless the tensor is float64 or integer.
     *
     * @param tensor the tensor
     * @return the copy
     */
    public static HostTensor toHost(Tensor tensor) {
        DType dtype = hostType(tensor.scalar_type());
        long[] sizes = tensor.sizes().vec().get();
        int[] shape = new int[sizes.length];
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = Math.toIntExact(sizes[axis]);
        }
        HostTensor host = HostTensor.allocate(dtype, Shape.of(shape));
        try (BytePointer address = new BytePointer(host.bytes())) {
            over(address, host).copy_(tensor);
        } finally {
            Reference.reachabilityFence(host);
        }
        return host;
    }

    private static DType hostType(ScalarType type) {
        return switch (type.intern()) {
            case Double -> DType.FLOAT64;
            case Long -> DType.INT64;
            default -> DType.FLOAT32;
        };
    }

    /**
     * {@return a shape in libtorch's form; the size of a symbolic batch is left to libtorch}
     *
     * @param shape size by axis
     */
    public static long[] sizes(Shape shape) {
        long[] sizes = new long[shape.rank()];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = shape.size(axis); // Shape.BATCH and libtorch's wildcard are both -1
        }
        return sizes;
    }

    /**
     * Converts 16-bit floating-point numbers to float32.
     *
     * @param x the tensor
     * @return the same tensor where its elements have more than 16 bits, else a copy in float32
     */
    public static Tensor inFull(Tensor x) {
        return x.element_size() == 2 ? x.to(ScalarType.Float) : x;
    }

    /**
     * {@return sizes in libtorch's form}
     *
     * @param values the sizes
     */
    public static long[] longs(List<Integer> values) {
        return values.stream().mapToLong(Integer::longValue).toArray();
    }

    /**
     * {@return an array of ones}
     *
     * @param count the length of the array
     */
    public static long[] ones(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
