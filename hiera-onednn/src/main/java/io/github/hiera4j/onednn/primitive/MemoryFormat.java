package io.github.hiera4j.onednn.primitive;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.global.dnnl;

/** The layout of a tensor in memory, as oneDNN describes it: sizes, element type, and strides or a blocked layout. */
public final class MemoryFormat implements AutoCloseable {
    private final dnnl_memory_desc handle;

    MemoryFormat(dnnl_memory_desc handle) {
        this.handle = handle;
    }

    public dnnl_memory_desc handle() {
        return handle;
    }

    public long bytes() {
        return dnnl.dnnl_memory_desc_get_size(handle);
    }

    public boolean isSameAs(MemoryFormat other) {
        return dnnl.dnnl_memory_desc_equal(handle, other.handle) == 1;
    }

    @Override
    public void close() {
        dnnl.dnnl_memory_desc_destroy(handle);
    }
}
