package io.github.hiera4j.onednn.plan;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.reference.ConstantFolding;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.TensorInfo;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The constants of a session, shared by all its plans: matrices reordered once into the layout that their primitive
 * prefers, vectors unchanged.
 *
 * <p>Everything is read when the session is created, directly into native memory: afterwards nothing depends on the source. A
 * matrix that a second plan needs in another layout is reordered from the first; the original is released after its
 * first use, unless something reads it unchanged, so that weights are not in memory twice. Not thread-safe: the session prepares one
 * plan at a time.
 */
public final class Weights implements AutoCloseable {
    private final Map<Integer, Buffer> plain = new HashMap<>();
    private final Map<Integer, Buffer> vectors = new HashMap<>();
    private final Map<Integer, List<Packed>> matrices = new HashMap<>();
    private final Map<Integer, QuantizedMatrix> quantized = new HashMap<>();
    private final Set<Integer> constants = new HashSet<>();

    /** Constants that a plan may read unchanged, even if they are also read as matrices: these are never released. */
    private final Set<Integer> readAsTheyAre = new HashSet<>();

    /** A matrix in a layout chosen by oneDNN. */
    public record Packed(MemoryFormat format, Buffer buffer) {}

    /**
     * Reads what the graph needs; throws a {@code HieraException} for a missing weight or a wrong shape.
     *
     * @param integers whether matrices that the source quantises, and that only linear layers read, are kept as integers; the source
     *     must then quantise at least one
     */
    public Weights(Graph graph, WeightSource source, boolean integers) {
        Set<Node> constantNodes = ConstantFolding.constants(graph);
        constantNodes.forEach(node -> constants.add(node.id()));
        Set<Node> read = new HashSet<>(graph.outputs().values());
        Set<Node> readOtherwise = new HashSet<>(read);
        read.forEach(node -> readAsTheyAre.add(node.id()));
        graph.nodes().stream().filter(node -> !constantNodes.contains(node)).forEach(node -> {
            read.addAll(node.inputs());
            for (int i = 0; i < node.inputs().size(); i++) {
                if (!(node.op() instanceof Op.Linear) || i != 1) {
                    readOtherwise.add(node.inputs().get(i));
                }
                if (!isMatrix(node, i)) {
                    readAsTheyAre.add(node.inputs().get(i).id());
                }
            }
        });
        try {
            for (Node node : graph.nodes()) {
                if (node.op() instanceof Op.Parameter && read.contains(node)) {
                    Buffer loaded = load(node, source);
                    plain.put(node.id(), loaded);
                    if (integers && !readOtherwise.contains(node)) {
                        quantize(node, source, loaded);
                    }
                }
            }
            check(
                    !integers || !quantized.isEmpty(),
                    "%s: no layer of it is quantised, so int8 has no effect; make a quantised file with 'hiera quantize', or"
                            + " choose float32",
                    source.description());
            ConstantFolding.fold(graph, source).forEach((id, tensor) -> plain.put(id, copy(tensor)));
        } catch (RuntimeException | Error fault) {
            close();
            throw fault;
        }
    }

    /** Returns whether an operation reads one of its inputs as a matrix, in a layout chosen by oneDNN. */
    public static boolean isMatrix(Node reader, int input) {
        boolean readsMatrix = reader.op() instanceof Op.Linear
                || reader.op() instanceof Op.Convolution
                || reader.op() instanceof Op.DepthwiseConvolution;
        return readsMatrix && input == 1;
    }

    /** Reads one weight in float32, directly into native memory. */
    private static Buffer load(Node node, WeightSource source) {
        TensorInfo info = source.require(node.name(), node.shape());
        return float32(info.shape(), target -> {
            if (info.dtype() == DType.FLOAT32) {
                source.readInto(node.name(), target);
                return;
            }
            try (NativeMemory memory = NativeMemory.undefined(info.byteSize())) {
                HostTensor stored = HostTensor.wrap(info.dtype(), info.shape(), memory.buffer(0, info.byteSize()));
                source.readInto(node.name(), stored);
                stored.copyTo(target);
            }
        });
    }

    /** Replaces a matrix that was read with its integers, if the source has scales for it. */
    private void quantize(Node node, WeightSource source, Buffer loaded) {
        source.quantization(node.name()).ifPresent(quantization -> {
            QuantizedMatrix matrix = QuantizedMatrix.of(node, quantization, loaded);
            quantized.put(node.id(), matrix);
            plain.put(node.id(), matrix.integers());
            loaded.memory().close();
        });
    }

    /** The integers of a matrix with their scales, or null if the matrix is in floating point. */
    @Nullable
    public QuantizedMatrix quantized(Node node) {
        return quantized.get(node.id());
    }

    private static Buffer copy(HostTensor tensor) {
        return float32(tensor.shape(), tensor::copyTo);
    }

    private static Buffer float32(Shape shape, Consumer<HostTensor> fill) {
        long bytes = shape.elements() * Float.BYTES;
        NativeMemory memory = NativeMemory.undefined(bytes);
        try {
            fill.accept(HostTensor.wrap(DType.FLOAT32, shape, memory.buffer(0, bytes)));
            return Buffer.constant(memory);
        } catch (RuntimeException | Error fault) {
            memory.close();
            throw fault;
        }
    }

    /** Returns whether a node's tensor does not depend on inputs. */
    public boolean isConstant(Node node) {
        return constants.contains(node.id());
    }

    /** A constant without reordering, dense and in float32. */
    public View vector(Node node) {
        Buffer buffer = vectors.get(node.id());
        if (buffer == null) {
            buffer = plain(node);
            plain.remove(node.id());
            vectors.put(node.id(), buffer);
        }
        return View.dense(buffer, DType.FLOAT32, View.sizes(node.shape()));
    }

    /**
     * A matrix in the requested layout.
     *
     * @param plainSizes the sizes of the matrix as the primitive sees them
     * @param plainStrides strides of those axes in the dense weight
     */
    public Packed matrix(Node node, MemoryFormat wanted, long[] plainSizes, long[] plainStrides) {
        List<Packed> layouts = matrices.computeIfAbsent(node.id(), id -> new ArrayList<>());
        for (Packed packed : layouts) {
            if (packed.format().isSameAs(wanted)) {
                wanted.close();
                return packed;
            }
        }
        Packed packed = pack(node, wanted, plainSizes, plainStrides, layouts);
        layouts.add(packed);
        if (!readAsTheyAre.contains(node.id())) {
            Buffer original = plain.remove(node.id());
            if (original != null) {
                original.memory().close();
            }
        }
        return packed;
    }

    private Packed pack(Node node, MemoryFormat wanted, long[] plainSizes, long[] plainStrides, List<Packed> layouts) {
        NativeMemory memory = null;
        try {
            memory = NativeMemory.undefined(wanted.bytes());
            Packed packed = new Packed(wanted, Buffer.constant(memory));
            DType type = quantized.containsKey(node.id()) ? DType.INT8 : DType.FLOAT32;
            if (layouts.isEmpty()) {
                try (MemoryFormat dense = Dnnl.strided(type, plainSizes, plainStrides)) {
                    reorder(dense, plain(node), packed);
                }
            } else {
                reorder(layouts.get(0).format(), layouts.get(0).buffer(), packed);
            }
            return packed;
        } catch (RuntimeException | Error fault) {
            if (memory != null) {
                memory.close();
            }
            wanted.close();
            throw fault;
        }
    }

    private Buffer plain(Node node) {
        Buffer asVector = vectors.get(node.id());
        return asVector != null ? asVector : Objects.requireNonNull(plain.get(node.id()), node.name());
    }

    private static void reorder(MemoryFormat from, Buffer source, Packed to) {
        PlanBuilder builder = new PlanBuilder(1);
        try {
            builder.reorder("Reorder", from, source, to.format(), to.buffer());
        } catch (RuntimeException | Error fault) {
            builder.abandon();
            throw fault;
        }
        try (Plan plan = builder.build(1);
                ExecutionContext context = plan.newContext()) {
            context.execute();
        }
    }

    public long nativeBytes() {
        long bytes = quantized.values().stream()
                .mapToLong(matrix -> matrix.factors().bytes() + matrix.rowSums().bytes())
                .sum();
        for (Buffer vector : vectors.values()) {
            bytes += vector.bytes();
        }
        for (Buffer dense : plain.values()) {
            bytes += dense.bytes();
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
        plain.values().forEach(dense -> dense.memory().close());
        vectors.values().forEach(vector -> vector.memory().close());
        matrices.values()
                .forEach(layouts -> layouts.forEach(packed -> {
                    packed.buffer().memory().close();
                    packed.format().close();
                }));
        quantized.values().forEach(QuantizedMatrix::closeVectors);
        quantized.clear();
        vectors.clear();
        matrices.clear();
        plain.clear();
    }
}
