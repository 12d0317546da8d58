package io.github.hiera4j.model.tensor;

import static io.github.hiera4j.model.Check.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * A dense row-major tensor in host memory: element type, shape and one little-endian buffer whose bytes 0 to
 * {@code byteSize} are the elements.
 *
 * <p>The type of inputs and outputs of a {@link io.github.hiera4j.model.backend.Session}. The buffer is normally direct, so that
 * native code reads it in place. The shape is immutable; the elements are mutable through the buffer.
 */
public final class HostTensor {
    private final DType dtype;
    private final Shape shape;
    private final ByteBuffer buffer;

    private HostTensor(DType dtype, Shape shape, ByteBuffer buffer) {
        this.dtype = dtype;
        this.shape = shape;
        this.buffer = buffer;
    }

    /**
     * {@return a new tensor of zeros in direct memory}
     *
     * @param dtype the element type
     * @param shape size by axis
     */
    public static HostTensor allocate(DType dtype, Shape shape) {
        return new HostTensor(dtype, shape, direct(byteSize(dtype, shape)));
    }

    /**
     * Wraps a buffer, starting at its position, without copying.
     *
     * @param dtype the element type
     * @param shape size by axis
     * @param buffer little-endian
     * @return a tensor on the same memory
     */
    public static HostTensor wrap(DType dtype, Shape shape, ByteBuffer buffer) {
        int bytes = byteSize(dtype, shape);
        check(
                buffer.remaining() >= bytes,
                "a %s tensor of shape %s needs %d bytes, its buffer has %d",
                dtype,
                shape,
                bytes,
                buffer.remaining());
        ByteBuffer slice = buffer.slice(buffer.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new HostTensor(dtype, shape, slice);
    }

    /**
     * {@return a float32 tensor with a copy of these values, row-major}
     *
     * @param shape size by axis
     * @param values the elements, row-major
     */
    public static HostTensor of(Shape shape, float... values) {
        checkCount(shape, values.length);
        HostTensor tensor = allocate(DType.FLOAT32, shape);
        tensor.floats().put(values);
        return tensor;
    }

    /**
     * {@return an int64 tensor with a copy of these values, row-major}
     *
     * @param shape size by axis
     * @param values the elements, row-major
     */
    public static HostTensor of(Shape shape, long... values) {
        checkCount(shape, values.length);
        HostTensor tensor = allocate(DType.INT64, shape);
        tensor.longs().put(values);
        return tensor;
    }

    /**
     * {@return a float64 tensor with a copy of these values, row-major}
     *
     * @param shape size by axis
     * @param values the elements, row-major
     */
    public static HostTensor of(Shape shape, double... values) {
        checkCount(shape, values.length);
        HostTensor tensor = allocate(DType.FLOAT64, shape);
        tensor.buffer
                .duplicate()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .put(values);
        return tensor;
    }

    /** {@return the element type} */
    public DType dtype() {
        return dtype;
    }

    /** {@return the size by axis} */
    public Shape shape() {
        return shape;
    }

    /** {@return the elements, row-major and little-endian: a view with its own position, sharing the memory} */
    public ByteBuffer bytes() {
        return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** {@return the elements of a float32 tensor, sharing the memory} */
    public FloatBuffer floats() {
        check(dtype == DType.FLOAT32, "expected a float32 tensor, got %s: convert it with to(FLOAT32)", dtype);
        return bytes().asFloatBuffer();
    }

    /**
     * Checks for non-finite values.
     *
     * @return the flat index of the first NaN or infinity of a float32 tensor, or -1 if there is none
     */
    public int firstNonFinite() {
        check(dtype == DType.FLOAT32, "expected a float32 tensor, got %s: convert it with to(FLOAT32)", dtype);
        return FiniteFloats.firstOther(bytes().asIntBuffer());
    }

    /** {@return the elements of an int64 tensor, sharing the memory} */
    public LongBuffer longs() {
        check(dtype == DType.INT64, "expected an int64 tensor, got %s", dtype);
        return bytes().asLongBuffer();
    }

    /** {@return the number of elements} */
    public int elements() {
        return (int) shape.elements();
    }

    /** {@return the number of bytes of all elements} */
    public int byteSize() {
        return byteSize(dtype, shape);
    }

    /**
     * {@return one element by its flat row-major index, as a double}
     *
     * @param index the index, from 0
     */
    public double get(int index) {
        return dtype.get(buffer, index * dtype.bytes());
    }

    /** {@return all elements as doubles, row-major} */
    public double[] toDoubles() {
        double[] values = new double[elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = get(i);
        }
        return values;
    }

    /** {@return all elements as floats, row-major} */
    public float[] toFloats() {
        float[] values = new float[elements()];
        if (dtype == DType.FLOAT32) {
            floats().get(values);
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) get(i);
            }
        }
        return values;
    }

    /**
     * {@return this tensor in another element type, or itself if it already has that type}
     *
     * @param target the requested element type
     */
    public HostTensor to(DType target) {
        if (target == dtype) {
            return this;
        }
        HostTensor converted = allocate(target, shape);
        copyTo(converted);
        return converted;
    }

    /**
     * Writes the elements to a tensor of the same shape, converted to its element type.
     *
     * @param target a tensor of the same shape
     */
    public void copyTo(HostTensor target) {
        check(target.shape.equals(shape), "cannot copy a tensor of %s to one of %s", shape, target.shape);
        if (target.dtype == dtype) {
            target.bytes().put(bytes());
            return;
        }
        int count = elements();
        for (int i = 0; i < count; i++) {
            target.dtype.put(target.buffer, i * target.dtype.bytes(), get(i));
        }
    }

    /**
     * {@return the same elements in another shape with the same number of elements, sharing the memory}
     *
     * @param target the new shape
     */
    public HostTensor reshape(Shape target) {
        checkCount(target, elements());
        return new HostTensor(dtype, target, buffer);
    }

    /**
     * {@return one entry of the leading axis, sharing the memory: {@code [N, …]} becomes {@code […]}}
     *
     * @param index the index, from 0
     */
    public HostTensor slice(int index) {
        check(shape.rank() > 0 && index >= 0 && index < shape.size(0), "no entry %d in a tensor of %s", index, shape);
        int[] sizes = shape.sizes();
        Shape inner = Shape.of(java.util.Arrays.copyOfRange(sizes, 1, sizes.length));
        int bytes = byteSize(dtype, inner);
        return new HostTensor(dtype, inner, buffer.slice(index * bytes, bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public String toString() {
        return dtype + " " + shape;
    }

    private static int byteSize(DType dtype, Shape shape) {
        check(!shape.isSymbolic(), "a tensor in memory needs a batch size, got %s", shape);
        long bytes = shape.elements() * dtype.bytes();
        check(bytes <= Integer.MAX_VALUE, "a %s tensor of shape %s is larger than 2 GiB", dtype, shape);
        return (int) bytes;
    }

    private static void checkCount(Shape shape, int count) {
        check(shape.elements() == count, "shape %s has %d elements, got %d values", shape, shape.elements(), count);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
