package io.github.hiera4j.train.optimize;

import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.VisionTransformerMae;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * The initial weights of a model, drawn as in the released code; each tensor depends only on the seed and its own name.
 *
 * <p>Classifier: linear and convolution weights normal with deviation 0.02, linear and LayerNorm biases 0.02, LayerNorm weights 1,
 * the head scaled by {@code head_init_scale}. Autoencoder: linear weights and the patch convolution Xavier-uniform, biases 0, fusion
 * convolutions Kaiming-uniform. Position embeddings and the mask token: normal with deviation 0.02.
 *
 * <p>Rungs a to e of the ladder follow Hiera, their pooling convolutions uniform within 1 / √taps. MViTv2, rung 0 and ViT: linear weights
 * and relative positions normal with deviation 0.02, biases 0, convolutions uniform within 1 / √inputs, the head not scaled.
 * The position tables of ViT's autoencoder are sines and cosines.
 */
public final class Initialization implements WeightSource {
    private static final double DEVIATION = 0.02;

    private final ModelConfig config;
    private final Map<String, Shape> parameters;
    private final long seed;

    private Initialization(ModelConfig config, Map<String, Shape> parameters, long seed) {
        this.config = config;
        this.parameters = parameters;
        this.seed = seed;
    }

    /**
     * {@return the initial weights of a model}
     *
     * @param config the settings of the model
     * @param seed determines every random choice
     */
    public static Initialization of(ModelConfig config, long seed) {
        Graph graph = config.inferenceGraph();
        return new Initialization(config, graph.parameters(), seed);
    }

    @Override
    public String description() {
        return "initial weights (seed " + seed + ")";
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(parameters.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return new TensorInfo(DType.FLOAT32, Objects.requireNonNull(parameters.get(name), name));
    }

    @Override
    public HostTensor read(String name) {
        HostTensor tensor = HostTensor.allocate(DType.FLOAT32, info(name).shape());
        if (config instanceof VisionTransformerMae vit && VisionTransformerMae.POSITION_TABLES.contains(name)) {
            return vit.positionTable(name).to(DType.FLOAT32);
        }
        RandomGenerator random = Randomness.of(seed, name.hashCode());
        DoubleSupplier draw = rule(name, tensor.shape(), random);
        FloatBuffer values = tensor.floats();
        for (int i = 0; i < values.capacity(); i++) {
            values.put(i, (float) draw.getAsDouble());
        }
        return tensor;
    }

    private DoubleSupplier rule(String name, Shape shape, RandomGenerator random) {
        boolean autoencoder = config.isAutoencoder();
        if (name.contains("pos_embed")
                || name.equals("mask_token")
                || name.equals("cls_token")
                || name.contains(".rel_pos_")) {
            return () -> DEVIATION * random.nextGaussian();
        }
        if (name.contains(".attn.pool_")) {
            return uniform(1 / Math.sqrt((double) elementsPerRow(shape)), random);
        }
        if (startsPlainly()) {
            return plainRule(name, shape, random);
        }
        if (name.endsWith(".gamma")) {
            double layerScale = Objects.requireNonNull(config.encoder().initValues());
            return () -> layerScale;
        }
        double scale = name.startsWith("head.") ? config.encoder().headInitScale() : 1;
        if (shape.rank() == 1 && name.contains("norm")) {
            double bias = autoencoder ? 0 : DEVIATION;
            return () -> name.endsWith(".weight") ? 1 : bias;
        }
        if (isConvolution(name) && (shape.rank() == 1 || !name.startsWith("patch_embed"))) {
            double bound = 1 / Math.sqrt((double) fanIn(name, shape));
            return autoencoder || shape.rank() == 1 ? uniform(bound, random) : () -> DEVIATION * random.nextGaussian();
        }
        if (shape.rank() == 1) {
            double bias = autoencoder ? 0 : scale * DEVIATION;
            return () -> bias;
        }
        return autoencoder
                ? uniform(Math.sqrt(6.0 / (shape.size(0) + (double) elementsPerRow(shape))), random)
                : () -> scale * DEVIATION * random.nextGaussian();
    }

    /** Returns whether the model is initialised by the plain rules of MViTv2 and ViT. */
    private boolean startsPlainly() {
        return config instanceof BaselineModel baseline
                && !(baseline instanceof LadderConfig ladder && ladder.rung().separatesUnits());
    }

    private DoubleSupplier plainRule(String name, Shape shape, RandomGenerator random) {
        if (name.startsWith("patch_embed.")) {
            return uniform(1 / Math.sqrt((double) fanIn(name, shape)), random);
        }
        if (shape.rank() == 1) {
            double value = name.contains("norm") && name.endsWith(".weight") ? 1 : 0;
            return () -> value;
        }
        return () -> DEVIATION * random.nextGaussian();
    }

    private static boolean isConvolution(String name) {
        return name.startsWith("patch_embed.") || name.startsWith("multi_scale_fusion_heads.");
    }

    /** Draws a convolution's bias within the same bound as its weight. */
    private long fanIn(String name, Shape shape) {
        String weight = name.replaceFirst("\\.bias$", ".weight");
        return elementsPerRow(shape.rank() > 1 ? shape : Objects.requireNonNull(parameters.get(weight)));
    }

    private static long elementsPerRow(Shape shape) {
        return shape.elements() / shape.size(0);
    }

    private static DoubleSupplier uniform(double bound, RandomGenerator random) {
        return () -> bound * (2 * random.nextDouble() - 1);
    }
}
