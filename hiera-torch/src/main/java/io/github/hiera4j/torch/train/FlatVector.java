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

/** One long native vector that holds a value for every element of every parameter, or for those of a part. */
final class FlatVector implements AutoCloseable {
    private static final long CHUNK = 1 << 26; // elements that fit a byte buffer

    private final FlatLayout layout;
    private final FlatLayout.Span span;
    private final TensorScope.Escaped memory;

    /** A vector of zeros. */
    FlatVector(FlatLayout layout, ScalarType type, Device device) {
        this(layout, new FlatLayout.Span(0, layout.elements()), type, device);
    }

    /** A part of such a vector; what is asked of it must lie inside. */
    FlatVector(FlatLayout layout, FlatLayout.Span span, ScalarType type, Device device) {
        this.layout = layout;
        this.span = span;
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            long[] size = {span.length()};
            memory = scope.escape(torch.zeros(size, new TensorOptions(type)).to(device, type));
        }
    }

    /** Which elements there are. */
    FlatLayout.Span span() {
        return span;
    }

    /** All elements that there are. */
    Tensor whole() {
        return memory.tensor();
    }

    long bytes() {
        return memory.tensor().nbytes();
    }

    /** A view of one parameter in its shape; belongs to the current scope. */
    Tensor view(String name) {
        FlatLayout.Slot slot = layout.slot(name);
        return part(slot.offset(), slot.shape().elements()).view(NativeTensors.sizes(slot.shape()));
    }

    /** A view of some elements, counted from the beginning of the whole vector; belongs to the current scope. */
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

    /** Whether no value is a NaN or an infinity. */
    boolean isFinite() {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            return isFinite(whole());
        }
    }

    /** Whether no value of one parameter, as far as it is here, is a NaN or an infinity. */
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
                && Double.isFinite(values.max().item_double()); // a NaN is the result of either
    }

    /** Reads one parameter from a source, where it may have another name; throws unless it is there in the same shape. */
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

    /** Takes over another vector's values, in this one's element type. */
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
