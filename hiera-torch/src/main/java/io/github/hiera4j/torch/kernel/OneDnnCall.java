package io.github.hiera4j.torch.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A call of one primitive of oneDNN: its formats, its arguments and its execution. Closing it frees the native objects.
 *
 * <p>The primitive is created for every call: oneDNN keeps the kernels of 1,024 primitives, so that this takes about 10 µs.
 */
final class OneDnnCall implements AutoCloseable {
    private static final int MOST_ARGUMENTS = 10;

    private final String what;
    private final Deque<Runnable> destructors = new ArrayDeque<>();
    private final dnnl_exec_arg_t arguments = new dnnl_exec_arg_t(MOST_ARGUMENTS);
    private int count;

    /** The CPU, the stream on which all calls run, and their common attributes; none of them has a state. */
    private static final class Engine {
        static final dnnl_engine ENGINE = new dnnl_engine();
        static final dnnl_stream STREAM = new dnnl_stream();
        static final dnnl_primitive_attr ATTRIBUTES = new dnnl_primitive_attr();

        static {
            OneDnn.require(dnnl.dnnl_engine_create(ENGINE, dnnl.dnnl_cpu, 0), "starting");
            OneDnn.require(dnnl.dnnl_stream_create(STREAM, ENGINE, dnnl.dnnl_stream_default_flags), "starting");
            OneDnn.require(dnnl.dnnl_primitive_attr_create(ATTRIBUTES), "starting");
            OneDnn.require(
                    dnnl.dnnl_primitive_attr_set_scratchpad_mode(ATTRIBUTES, dnnl.dnnl_scratchpad_mode_user),
                    "starting");
        }
    }

    /** Creates the description of a primitive. */
    interface Description {
        int create(dnnl_primitive_desc description, dnnl_engine engine, dnnl_primitive_attr attributes);
    }

    /**
     * Creates a call without arguments.
     *
     * @param what completes the sentence "oneDNN failed while ..."
     */
    OneDnnCall(String what) {
        this.what = what;
    }

    private void require(int status) {
        OneDnn.require(status, what);
    }

    /** A dense matrix, row by row. */
    dnnl_memory_desc matrix(int type, long rows, long columns) {
        return matrix(type, rows, columns, columns, 1);
    }

    dnnl_memory_desc matrix(int type, long rows, long columns, long rowStride, long columnStride) {
        return format(type, new long[] {rows, columns}, rowStride, columnStride);
    }

    dnnl_memory_desc vector(int type, long length) {
        return format(type, new long[] {length}, 1);
    }

    private dnnl_memory_desc format(int type, long[] sizes, long... strides) {
        dnnl_memory_desc format = new dnnl_memory_desc();
        require(dnnl.dnnl_memory_desc_create_with_strides(format, sizes.length, sizes, type, strides));
        destructors.push(() -> dnnl.dnnl_memory_desc_destroy(format));
        return format;
    }

    dnnl_primitive_desc describe(Description creator) {
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        require(creator.create(description, Engine.ENGINE, Engine.ATTRIBUTES));
        destructors.push(() -> dnnl.dnnl_primitive_desc_destroy(description));
        return description;
    }

    /** Adds an argument; its values must stay in memory until the call has run. */
    void put(int role, dnnl_memory_desc format, Pointer values) {
        dnnl_memory memory = new dnnl_memory();
        require(dnnl.dnnl_memory_create(memory, format, Engine.ENGINE, values));
        destructors.push(() -> dnnl.dnnl_memory_destroy(memory));
        arguments.position(count++).arg(role).memory(memory);
    }

    void run(dnnl_primitive_desc description) {
        dnnl_primitive primitive = new dnnl_primitive();
        require(dnnl.dnnl_primitive_create(primitive, description));
        destructors.push(() -> dnnl.dnnl_primitive_destroy(primitive));
        dnnl_memory_desc format = dnnl.dnnl_primitive_desc_query_md(description, dnnl.dnnl_query_scratchpad_md, 0);
        long[] bytes = {dnnl.dnnl_memory_desc_get_size(format)};
        // Memory of libtorch is reused by later calls; oneDNN would free its own with the primitive, and new pages are
        // slow.
        try (TensorOptions type = new TensorOptions(ScalarType.Byte);
                Tensor scratch = torch.empty(bytes, type, null)) {
            put(dnnl.DNNL_ARG_SCRATCHPAD, format, scratch.data_ptr());
            require(dnnl.dnnl_primitive_execute(primitive, Engine.STREAM, count, arguments.position(0)));
        }
    }

    @Override
    public void close() {
        destructors.forEach(Runnable::run); // last created first
        arguments.close();
    }
}
