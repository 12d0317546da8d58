package io.github.hiera4j.model.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Weights without a file: every element is computed by a formula from the tensor's official name, its position and its shape.
 *
 * <p>The name is hashed (FNV-1a), the position is mixed in (splitmix64), and the result is scaled so that a network with these weights
 * behaves like an initialised one. The same formula generates a case's input ({@code input…}) and mask noise.
 */
public final class FormulaWeights implements WeightSource {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private final Map<String, Shape> shapes;

    /**
     * Creates weights of the given shapes.
     *
     * @param shapes the shapes of the tensors by official name
     */
    public FormulaWeights(Map<String, Shape> shapes) {
        this.shapes = new LinkedHashMap<>(shapes);
    }

    /**
     * {@return a float32 tensor computed by the formula}
     *
     * @param officialName the official name of a parameter
     * @param shape size by axis
     */
    public static HostTensor tensor(String officialName, Shape shape) {
        HostTensor tensor = HostTensor.allocate(DType.FLOAT32, shape);
        fill(officialName, tensor);
        return tensor;
    }

    private static void fill(String officialName, HostTensor tensor) {
        Shape shape = tensor.shape();
        FloatBuffer values = tensor.floats();
        long state = seed(officialName);
        double scale = scale(officialName, shape);
        double shift = shape.rank() == 1 && officialName.endsWith(".weight") && !isSpecial(officialName) ? 1 : 0;
        for (int i = 0; i < values.capacity(); i++) {
            state += GOLDEN_GAMMA;
            values.put(i, (float) (shift + scale * symmetric(state)));
        }
    }

    /**
     * {@return the unscaled noise {@code v} of a name, float64 in [-1, 1), from which random masks are drawn}
     *
     * @param name the name
     * @param count how many numbers
     */
    public static double[] noise(String name, int count) {
        double[] noise = new double[count];
        long state = seed(name);
        for (int i = 0; i < count; i++) {
            state += GOLDEN_GAMMA;
            noise[i] = symmetric(state);
        }
        return noise;
    }

    private static long seed(String name) {
        long hash = FNV_OFFSET;
        for (byte next : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ Byte.toUnsignedLong(next)) * FNV_PRIME;
        }
        return hash;
    }

    /** Returns splitmix64 of a state as a number in [-1, 1), a multiple of 2^-23. */
    private static double symmetric(long state) {
        long z = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return 2 * ((z >>> 40) * 0x1p-24) - 1;
    }

    private static boolean isSpecial(String name) {
        return name.startsWith("input") || name.contains("pos_embed") || name.equals("mask_token");
    }

    private static double scale(String name, Shape shape) {
        if (name.startsWith("input")) {
            return 1.5;
        }
        if (isSpecial(name)) {
            return 0.2;
        }
        if (shape.rank() == 1) {
            return name.endsWith(".weight") ? 0.2 : 0.1;
        }
        long fanIn = shape.rank() == 0 ? 1 : shape.elements() / Math.max(1, shape.size(0));
        return Math.sqrt(3.0 / fanIn);
    }

    @Override
    public String description() {
        return "formula weights";
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(shapes.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return new TensorInfo(DType.FLOAT32, shape(name));
    }

    @Override
    public HostTensor read(String name) {
        return tensor(name, shape(name));
    }

    @Override
    public void readInto(String name, HostTensor target) {
        shape(name); // the name must be known
        fill(name, target);
    }

    private Shape shape(String name) {
        Shape shape = shapes.get(name);
        if (shape == null) {
            throw new HieraException("formula weights: no tensor '" + name + "'");
        }
        check(!shape.isSymbolic(), "formula weights: '%s' does not have a fixed shape", name);
        return shape;
    }
}
