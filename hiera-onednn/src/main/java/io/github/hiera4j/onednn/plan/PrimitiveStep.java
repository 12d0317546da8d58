package io.github.hiera4j.onednn.plan;

import io.github.hiera4j.onednn.primitive.Buffer;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.Primitive;
import java.util.List;

/** Runs one primitive on its arguments. */
public record PrimitiveStep(
        String node, String kind, Primitive primitive, List<Argument> arguments, long multiplyAccumulates)
        implements Step {

    /**
     * A tensor passed to a primitive.
     *
     * @param slot oneDNN's argument number
     * @param format its layout in memory
     * @param buffer the buffer that contains it
     * @param byteOffset bytes from the start of the buffer
     */
    record Argument(int slot, MemoryFormat format, Buffer buffer, long byteOffset) {}

    public PrimitiveStep {
        arguments = List.copyOf(arguments);
    }

    @Override
    public String implementation() {
        return primitive.implementation();
    }

    @Override
    public List<Buffer> buffers() {
        return arguments.stream().map(Argument::buffer).toList();
    }

    @Override
    public Bound bind(ExecutionContext context) {
        return context.bind(primitive, arguments);
    }
}
