package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.TensorScope;
import java.lang.ref.Reference;
import java.util.zip.Checksum;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** One long native vector with a value for every element of every parameter, or for a part of them. */
final class FlatVector implements AutoCloseable {
    private static final long CHUNK = 1 << 26; // elements that fit a byte buffer

    private final FlatLayout layout;
    private final FlatLayout.Span span;
    private final TensorScope.Escaped memory;

    /** Creates a vector of zeros. */
    FlatVector(FlatLayout layout, ScalarType type, Device device) {
        this(layout, new FlatLayout.Span(0, layout.elements()), type, device);
    }

    /** Creates a part of such a vector; requested elements must be inside the part. */
    FlatVector(FlatLayout layout, FlatLayout.Span span, ScalarType type, Device device) {
        this.layout = layout;
        this.span = span;
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            long[] size = {span.length()};
            memory = scope.escape(torch.zeros(size, new TensorOptions(type)).to(device, type));
        }
    }

    /** Returns the range of its elements. */
    FlatLayout.Span span() {
        return span;
    }

    /** Returns all its elements. */
    Tensor whole() {
        return memory.tensor();
    }

    long bytes() {
        return memory.tensor().nbytes();
    }

    /** Returns a view of one parameter in its shape; belongs to the current scope. */
    Tensor view(String name) {
        FlatLayout.Slot slot = layout.slot(name);
        return part(slot.offset(), slot.shape().elements()).view(NativeTensors.sizes(slot.shape()));
    }

    /** Returns a view of some elements, counted from the start of the whole vector; belongs to the current scope. */
    Tensor part(long offset, long length) {
        return whole().narrow(0, offset - span.offset(), length);
    }

    /** The same. */
    Tensor part(FlatLayout.Span wanted) {
        return part(wanted.offset(), wanted.length());
    }

    /** Adds the bytes to a checksum. */
    void addTo(Checksum checksum) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            for (long offset = 0; offset < layout.elements(); offset += CHUNK) {
                Tensor chunk = part(offset, Math.min(CHUNK, layout.elements() - offset))
                        .to(new Device("cpu"), ScalarType.Float);
                try {
                    BytePointer memory = new BytePointer(chunk.data_ptr()).capacity(chunk.nbytes());
                    checksum.update(memory.asByteBuffer());
                } finally {
                    Reference.reachabilityFence(chunk);
                }
            }
        }
    }

    HostTensor read(String name) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            return NativeTensors.toHost(view(name));
        }
    }

    /** Returns whether all values are finite. */
    boolean isFinite() {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            return isFinite(whole());
        }
    }

    /** Returns whether all values of one parameter that are in this part are finite. */
    boolean isFinite(String name) {
        FlatLayout.Slot slot = layout.slot(name);
        FlatLayout.Span here = span.and(slot.offset(), slot.shape().elements());
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            return isFinite(part(here));
        }
    }

    private static boolean isFinite(Tensor values) {
        if (values.numel() == 0) {
            return true;
        }
        return Double.isFinite(values.min().item_double())
                && Double.isFinite(values.max().item_double()); // a NaN is propagated by both
    }

    /** Reads one parameter from a source, in which it may have another name; throws unless it exists in the same shape. */
    void load(String parameter, WeightSource source, String name) {
        Shape shape = layout.slot(parameter).shape();
        TensorInfo info = source.require(name, shape);
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            Tensor target = view(parameter);
            target.copy_(NativeTensors.filled(
                    info.dtype(),
                    shape,
                    target.device(),
                    target.scalar_type(),
                    tensor -> source.readInto(name, tensor)));
        }
    }

    /** Copies the values of another vector, converted to the element type of this one. */
    void copyFrom(FlatVector other) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            whole().copy_(other.whole());
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
