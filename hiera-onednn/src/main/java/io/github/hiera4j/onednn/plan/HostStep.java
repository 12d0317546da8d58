package io.github.hiera4j.onednn.plan;

import io.github.hiera4j.onednn.primitive.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A step written in Java: moving rows costs so little compared with the matrix products that it needs no native kernel. */
public record HostStep(String node, String kind, List<View> views, Body body) implements Step {

    /** Does the work, given the bytes of each view from its first element on; must not allocate. */
    @FunctionalInterface
    public interface Body {
        void run(ByteBuffer[] bytes);
    }

    public HostStep {
        views = List.copyOf(views);
    }

    @Override
    public String implementation() {
        return "java";
    }

    @Override
    public long multiplyAccumulates() {
        return 0;
    }

    @Override
    public List<Buffer> buffers() {
        return views.stream().map(View::buffer).toList();
    }

    @Override
    public Bound bind(ExecutionContext context) {
        List<ByteBuffer> buffers = new ArrayList<>();
        views.forEach(view -> buffers.add(context.bytes(view)));
        ByteBuffer[] bytes = buffers.toArray(ByteBuffer[]::new);
        return () -> body.run(bytes);
    }
}
