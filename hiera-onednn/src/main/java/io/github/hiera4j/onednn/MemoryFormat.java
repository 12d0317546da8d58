package io.github.hiera4j.onednn;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.global.dnnl;

/** How a tensor lies in memory, as oneDNN describes it: sizes, element type, and strides or a blocked layout. */
final class MemoryFormat implements AutoCloseable {
    private final dnnl_memory_desc handle;

    MemoryFormat(dnnl_memory_desc handle) {
        this.handle = handle;
    }

    dnnl_memory_desc handle() {
        return handle;
    }

    long bytes() {
        return dnnl.dnnl_memory_desc_get_size(handle);
    }

    boolean isSameAs(MemoryFormat other) {
        return dnnl.dnnl_memory_desc_equal(handle, other.handle) == 1;
    }

    @Override
    public void close() {
        dnnl.dnnl_memory_desc_destroy(handle);
    }
}
