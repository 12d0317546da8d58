package io.github.hiera4j.onednn.plan;

import io.github.hiera4j.onednn.primitive.Buffer;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.NativeMemory;
import io.github.hiera4j.onednn.primitive.Primitive;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;

/** The memory of one run at a time: an arena, and every step's arguments prepared on it. */
public final class ExecutionContext implements AutoCloseable {
    private final NativeMemory arena;
    private final dnnl_stream stream = new dnnl_stream();
    private final List<dnnl_memory> memories = new ArrayList<>();
    private final List<dnnl_exec_arg_t> argumentLists = new ArrayList<>();
    private final Step.Bound[] steps;

    ExecutionContext(List<Step> steps, long arenaBytes) {
        this.arena = new NativeMemory(arenaBytes);
        try {
            Dnnl.require(
                    dnnl.dnnl_stream_create(stream, Dnnl.engine(), dnnl.dnnl_stream_default_flags),
                    "creating a stream");
            this.steps = steps.stream().map(step -> step.bind(this)).toArray(Step.Bound[]::new);
        } catch (RuntimeException | Error fault) {
            close();
            throw fault;
        }
    }

    long nativeBytes() {
        return arena.bytes();
    }

    /** Runs every step in order. */
    void execute() {
        for (Step.Bound step : steps) {
            step.run();
        }
    }

    /** Runs every step in order and records how long each took. */
    void execute(long[] nanoseconds) {
        for (int i = 0; i < steps.length; i++) {
            long start = System.nanoTime();
            steps[i].run();
            nanoseconds[i] = System.nanoTime() - start;
        }
    }

    /** Returns the bytes of a view from its first element to the end of its buffer, in this context's arena or in a constant. */
    ByteBuffer bytes(View view) {
        Buffer buffer = view.buffer();
        long first = view.byteOffset();
        long count = buffer.bytes() - first;
        return buffer.isConstant()
                ? buffer.memory().buffer(first, count)
                : arena.buffer(buffer.arenaOffset() + first, count);
    }

    Step.Bound bind(Primitive primitive, List<PrimitiveStep.Argument> arguments) {
        dnnl_exec_arg_t list = new dnnl_exec_arg_t(arguments.size());
        argumentLists.add(list);
        for (int i = 0; i < arguments.size(); i++) {
            PrimitiveStep.Argument argument = arguments.get(i);
            list.position(i).arg(argument.slot()).memory(memory(argument));
        }
        list.position(0);
        dnnl_primitive handle = primitive.handle();
        int count = arguments.size();
        return () -> {
            int status = dnnl.dnnl_primitive_execute(handle, stream, count, list);
            if (status != dnnl.dnnl_success) {
                Dnnl.require(status, "running a primitive");
            }
        };
    }

    private dnnl_memory memory(PrimitiveStep.Argument argument) {
        Buffer buffer = argument.buffer();
        Pointer address = buffer.isConstant()
                ? buffer.memory().at(argument.byteOffset())
                : arena.at(buffer.arenaOffset() + argument.byteOffset());
        dnnl_memory memory = new dnnl_memory();
        Dnnl.require(
                dnnl.dnnl_memory_create(memory, argument.format().handle(), Dnnl.engine(), address),
                "binding an argument");
        memories.add(memory);
        return memory;
    }

    @Override
    public void close() {
        memories.forEach(dnnl::dnnl_memory_destroy);
        argumentLists.forEach(Pointer::close);
        if (!stream.isNull()) {
            dnnl.dnnl_stream_destroy(stream);
        }
        arena.close();
    }
}
