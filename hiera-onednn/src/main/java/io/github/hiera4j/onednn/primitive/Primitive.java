package io.github.hiera4j.onednn.primitive;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** A compiled oneDNN kernel and the layouts it chose. Safe to run from several threads: its scratch memory is the caller's. */
public final class Primitive implements AutoCloseable {
    private final dnnl_primitive handle = new dnnl_primitive();
    private final String implementation;
    private final List<MemoryFormat> formats = new ArrayList<>();
    private final @Nullable MemoryFormat source;
    private final @Nullable MemoryFormat weights;
    private final @Nullable MemoryFormat scratchpad;

    /** Takes over the description and destroys it. */
    Primitive(dnnl_primitive_desc description, String what) {
        try {
            Dnnl.require(dnnl.dnnl_primitive_create(handle, description), what);
            this.implementation = implementation(description);
            this.source = query(description, dnnl.dnnl_query_src_md);
            this.weights = query(description, dnnl.dnnl_query_weights_md);
            this.scratchpad = query(description, dnnl.dnnl_query_scratchpad_md);
        } catch (RuntimeException | Error fault) {
            close();
            throw fault;
        } finally {
            dnnl.dnnl_primitive_desc_destroy(description);
        }
    }

    public dnnl_primitive handle() {
        return handle;
    }

    /** The kernel's name: {@code brg_matmul:avx512_core_bf16}. */
    public String implementation() {
        return implementation;
    }

    /** False if oneDNN fell back to its plain loops, which are slower by orders of magnitude. */
    public boolean isOptimised() {
        return !implementation.startsWith("ref") && !implementation.startsWith("simple");
    }

    /** Returns whether a product of integers writes all its 32-bit sums to memory before it scales and converts them. */
    public boolean keepsAllSums() {
        return implementation.startsWith("gemm");
    }

    public MemoryFormat source() {
        return Objects.requireNonNull(source);
    }

    /** Returns the layout of the weights, as an object that the caller owns. */
    public MemoryFormat copyOfWeights() {
        return copy(Objects.requireNonNull(weights).handle());
    }

    /** The scratch memory that the kernel needs in addition to its arguments, or null. */
    @Nullable
    public MemoryFormat scratchpad() {
        return scratchpad != null && scratchpad.bytes() > 0 ? scratchpad : null;
    }

    private @Nullable MemoryFormat query(dnnl_primitive_desc description, int what) {
        dnnl_memory_desc found = dnnl.dnnl_primitive_desc_query_md(description, what, 0);
        if (found == null || found.isNull()) {
            return null;
        }
        MemoryFormat format = copy(found);
        formats.add(format);
        return format;
    }

    private static MemoryFormat copy(dnnl_memory_desc original) {
        dnnl_memory_desc copy = new dnnl_memory_desc();
        Dnnl.require(dnnl.dnnl_memory_desc_clone(copy, original), "copying a memory format");
        return new MemoryFormat(copy);
    }

    static String implementation(dnnl_primitive_desc description) {
        try (PointerPointer<BytePointer> name = new PointerPointer<>(1)) {
            int status = dnnl.dnnl_primitive_desc_query(description, dnnl.dnnl_query_impl_info_str, 0, name);
            return status == dnnl.dnnl_success ? new BytePointer(name.get(0)).getString() : "unknown";
        }
    }

    @Override
    public void close() {
        if (!handle.isNull()) {
            dnnl.dnnl_primitive_destroy(handle);
        }
        formats.forEach(MemoryFormat::close);
    }
}
