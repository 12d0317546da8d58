package io.github.hiera4j.onednn.plan;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.reference.ConstantFolding;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.onednn.primitive.Buffer;
import io.github.hiera4j.onednn.primitive.Dnnl;
import io.github.hiera4j.onednn.primitive.MemoryFormat;
import io.github.hiera4j.onednn.primitive.NativeMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The constants of a session, shared by all its plans: matrices reordered once into the layout that their primitive
 * prefers, vectors as they are.
 *
 * <p>A matrix that a second plan wants in another layout is reordered from the first; the original is let go after its
 * first use, so that weights do not stand in memory twice. Not thread-safe: the session prepares one plan at a time.
 */
public final class Weights implements AutoCloseable {
    private final Map<Integer, HostTensor> unread = new HashMap<>();
    private final Map<Integer, Buffer> vectors = new HashMap<>();
    private final Map<Integer, List<Packed>> matrices = new HashMap<>();
    private final Set<Integer> constants = new HashSet<>();

    /** A matrix in a layout of oneDNN's. */
    public record Packed(MemoryFormat format, Buffer buffer) {}

    /** Reads what the graph needs; throws a {@code HieraException} for a missing weight or a wrong shape. */
    public Weights(Graph graph, WeightSource source) {
        Set<Node> constantNodes = ConstantFolding.constants(graph);
        constantNodes.forEach(node -> constants.add(node.id()));
        Set<Node> read = new HashSet<>();
        graph.nodes().stream()
                .filter(node -> !constantNodes.contains(node))
                .forEach(node -> read.addAll(node.inputs()));
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Op.Parameter && read.contains(node)) {
                unread.put(node.id(), source.read(node.name(), node.shape()));
            }
        }
        unread.putAll(ConstantFolding.fold(graph, source));
    }

    /** Whether a node's tensor depends on no input. */
    public boolean isConstant(Node node) {
        return constants.contains(node.id());
    }

    /** A constant as it is, dense and in float32. */
    public View vector(Node node) {
        Buffer buffer = vectors.computeIfAbsent(node.id(), id -> copy(plain(node)));
        return View.dense(buffer, DType.FLOAT32, View.sizes(node.shape()));
    }

    /**
     * A matrix in the wanted layout.
     *
     * @param plainSizes the sizes of the matrix as the primitive sees them
     * @param plainStrides where those axes lie in the dense weight
     */
    public Packed matrix(Node node, MemoryFormat wanted, long[] plainSizes, long[] plainStrides) {
        List<Packed> layouts = matrices.computeIfAbsent(node.id(), id -> new ArrayList<>());
        for (Packed packed : layouts) {
            if (packed.format().isSameAs(wanted)) {
                wanted.close();
                return packed;
            }
        }
        Packed packed = new Packed(wanted, Buffer.constant(new NativeMemory(wanted.bytes())));
        if (layouts.isEmpty()) {
            try (MemoryFormat plain = Dnnl.strided(DType.FLOAT32, plainSizes, plainStrides)) {
                Buffer original = copy(plain(node));
                reorder(plain, original, packed);
                original.memory().close();
            }
        } else {
            reorder(layouts.get(0).format(), layouts.get(0).buffer(), packed);
        }
        layouts.add(packed);
        return packed;
    }

    private HostTensor plain(Node node) {
        return Objects.requireNonNull(unread.remove(node.id()), node.name()).to(DType.FLOAT32);
    }

    private static Buffer copy(HostTensor tensor) {
        NativeMemory memory = new NativeMemory(tensor.byteSize());
        memory.buffer(0, tensor.byteSize()).put(tensor.bytes());
        return Buffer.constant(memory);
    }

    private static void reorder(MemoryFormat from, Buffer source, Packed to) {
        PlanBuilder builder = new PlanBuilder();
        builder.reorder("Reorder", from, source, to.format(), to.buffer());
        try (Plan plan = builder.build(1);
                ExecutionContext context = plan.newContext()) {
            context.execute();
        }
    }

    public long nativeBytes() {
        long bytes = 0;
        for (Buffer vector : vectors.values()) {
            bytes += vector.bytes();
        }
        for (List<Packed> layouts : matrices.values()) {
            bytes += layouts.stream()
                    .mapToLong(packed -> packed.buffer().bytes())
                    .sum();
        }
        return bytes;
    }

    @Override
    public void close() {
        vectors.values().forEach(vector -> vector.memory().close());
        matrices.values()
                .forEach(layouts -> layouts.forEach(packed -> {
                    packed.buffer().memory().close();
                    packed.format().close();
                }));
        vectors.clear();
        matrices.clear();
        unread.clear();
    }
}
