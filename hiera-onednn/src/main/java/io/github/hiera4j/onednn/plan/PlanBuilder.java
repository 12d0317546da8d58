package io.github.hiera4j.onednn.plan;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.onednn.primitive.Buffer;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.NativeMemory;
import io.github.hiera4j.onednn.primitive.Primitive;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.dnnl.global.dnnl;

/** Collects the steps of a plan, the buffers they touch and the native objects they need. */
public final class PlanBuilder {
    private final List<Step> steps = new ArrayList<>();
    private final Set<Buffer> buffers = new LinkedHashSet<>();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final Map<String, View> inputs = new LinkedHashMap<>();
    private final Map<String, View> outputs = new LinkedHashMap<>();
    private final int threads;
    private String node = "";

    /**
     * Starts an empty plan.
     *
     * @param threads that will run every step together
     */
    public PlanBuilder(int threads) {
        this.threads = threads;
    }

    /** The arguments of a primitive under construction. */
    public final class Arguments {
        private final List<PrimitiveStep.Argument> list = new ArrayList<>();

        public Arguments with(int slot, View view) {
            return with(slot, view, keep(view.format()));
        }

        /** A view whose format is already known. */
        public Arguments with(int slot, View view, MemoryFormat format) {
            list.add(new PrimitiveStep.Argument(slot, format, view.buffer(), view.byteOffset()));
            return this;
        }

        /** A whole buffer in a layout chosen by oneDNN. */
        public Arguments with(int slot, MemoryFormat format, Buffer buffer) {
            list.add(new PrimitiveStep.Argument(slot, format, buffer, 0));
            return this;
        }
    }

    /** Sets the graph node to which the next steps belong. */
    public void startNode(String name) {
        node = name;
    }

    /** Returns the number of threads that will run every step together. */
    public int threads() {
        return threads;
    }

    public String node() {
        return node;
    }

    public View allocate(DType type, long... sizes) {
        long elements = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
        return View.dense(Buffer.inArena(elements * type.bytes()), type, sizes);
    }

    /** A vector of one value, in memory that the plan owns. */
    public View constant(int size, float value) {
        NativeMemory memory = keep(new NativeMemory((long) size * Float.BYTES));
        FloatBuffer values = memory.buffer(0, memory.bytes()).asFloatBuffer();
        for (int i = 0; i < size; i++) {
            values.put(i, value);
        }
        return View.dense(Buffer.constant(memory), DType.FLOAT32, size);
    }

    /** A float32 vector, in memory that the plan owns. */
    public View constant(float[] values) {
        View view = constant(values.length, 0);
        view.buffer().memory().buffer(0, view.buffer().bytes()).asFloatBuffer().put(values);
        return view;
    }

    /** One int32 number, in memory that the plan owns. */
    public View integer(int value) {
        NativeMemory memory = keep(new NativeMemory(Integer.BYTES));
        memory.buffer(0, Integer.BYTES).putInt(0, value);
        return View.dense(Buffer.constant(memory), DType.INT32, 1);
    }

    public Arguments arguments() {
        return new Arguments();
    }

    /** Closes a native object together with the plan. */
    public <T extends AutoCloseable> T keep(T resource) {
        resources.add(resource);
        return resource;
    }

    public void add(Step step) {
        for (Buffer buffer : step.buffers()) {
            touch(buffer, steps.size());
        }
        steps.add(step);
    }

    private void touch(Buffer buffer, int step) {
        if (!buffer.isConstant()) {
            buffers.add(buffer);
            buffer.touch(step);
        }
    }

    /** Appends a primitive, with scratch memory if it requests some. The primitive must already be kept. */
    public void add(String kind, Primitive primitive, Arguments arguments, long multiplyAccumulates) {
        MemoryFormat scratch = primitive.scratchpad();
        if (scratch != null) {
            arguments.with(dnnl.DNNL_ARG_SCRATCHPAD, scratch, Buffer.inArena(scratch.bytes()));
        }
        add(new PrimitiveStep(node, kind, primitive, arguments.list, multiplyAccumulates));
    }

    public void reorder(String kind, MemoryFormat from, Buffer source, MemoryFormat to, Buffer destination) {
        Primitive primitive = keep(Dnnl.reorder(from, to));
        add(
                kind,
                primitive,
                arguments().with(dnnl.DNNL_ARG_FROM, from, source).with(dnnl.DNNL_ARG_TO, to, destination),
                0);
    }

    /** Declares a tensor that the caller writes before the first step. */
    public void input(String name, View view) {
        inputs.put(name, view);
        touch(view.buffer(), 0);
    }

    /** Declares a dense float32 tensor that the caller reads after the last step. */
    public void output(String name, View view) {
        view.buffer().pin();
        touch(view.buffer(), Math.max(0, steps.size() - 1));
        outputs.put(name, view);
    }

    /** Returns the finished plan for the given batch size, which owns every native object that was kept. */
    public Plan build(int batch) {
        long arenaBytes = ArenaPlanner.plan(buffers);
        return new Plan(batch, steps, inputs, outputs, arenaBytes, resources);
    }

    /** Aborts: closes all objects that were kept. */
    public void abandon() {
        Plan.closeAll(resources);
    }
}
