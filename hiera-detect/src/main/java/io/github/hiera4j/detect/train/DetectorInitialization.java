package io.github.hiera4j.detect.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.train.optimize.Randomness;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * The initial weights of a detector: those of a given trunk, if any, and Detectron2's initialisation for the rest. Each random tensor
 * depends only on the seed and its name.
 */
final class DetectorInitialization implements WeightSource {
    private static final double TRUNK_DEVIATION = .02;

    private final Map<String, Shape> parameters;
    private final Map<String, String> taken;
    private final WeightSource start;
    private final long seed;

    /**
     * Creates the initial weights of a detector.
     *
     * @param parameters shapes by name
     * @param start existing weights to use
     * @param taken names in {@code start} by the detector's names
     */
    DetectorInitialization(Map<String, Shape> parameters, WeightSource start, Map<String, String> taken, long seed) {
        this.parameters = parameters;
        this.start = start;
        this.taken = taken;
        this.seed = seed;
        taken.forEach((name, source) -> {
            Shape there = start.info(source).shape();
            Shape wanted = parameters.getOrDefault(name, Shape.of());
            check(
                    there.equals(wanted),
                    "%s: the weight '%s' has the shape %s, the detector needs %s; select the model of these weights with"
                            + " --set model",
                    start.description(),
                    source,
                    there,
                    wanted);
        });
    }

    @Override
    public String description() {
        return taken.isEmpty() ? "initial weights (seed " + seed + ")" : start.description();
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
        String source = taken.get(name);
        if (source != null) {
            return start.read(source).to(DType.FLOAT32);
        }
        HostTensor tensor = HostTensor.allocate(DType.FLOAT32, info(name).shape());
        DoubleSupplier draw = rule(name, tensor.shape(), Randomness.of(seed, name.hashCode()));
        FloatBuffer values = tensor.floats();
        for (int i = 0; i < values.capacity(); i++) {
            values.put(i, (float) draw.getAsDouble());
        }
        return tensor;
    }

    private static DoubleSupplier rule(String name, Shape shape, RandomGenerator random) {
        if (name.endsWith(".bias")) {
            return () -> 0;
        }
        if (shape.rank() == 1) { // a norm's weight
            return () -> 1;
        }
        double perOutput = (double) shape.elements() / shape.size(0);
        if (name.startsWith("proposal_generator.") || name.startsWith("roi_heads.box_predictor.cls_score")) {
            return normal(.01, random);
        }
        if (name.startsWith("roi_heads.box_predictor.") || name.startsWith("roi_heads.mask_head.predictor")) {
            return normal(.001, random);
        }
        if (name.startsWith("fpn_") || name.contains(".fc")) {
            boolean trunk = name.startsWith("blocks.");
            double bound = Math.sqrt(3 / perOutput);
            return trunk ? normal(TRUNK_DEVIATION, random) : () -> bound * (2 * random.nextDouble() - 1);
        }
        if (name.startsWith("roi_heads.")) { // convolutions, by fan-out
            double fanOut = name.contains("deconv") ? 4.0 * shape.size(0) : 9.0 * shape.size(0);
            return normal(Math.sqrt(2 / fanOut), random);
        }
        return normal(TRUNK_DEVIATION, random);
    }

    private static DoubleSupplier normal(double deviation, RandomGenerator random) {
        return () -> deviation * random.nextGaussian();
    }

    @Override
    public void close() {
        start.close();
    }
}
