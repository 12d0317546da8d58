package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.distributed.DataParallel;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.tape.StepTimes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The state that a training step changes, as flat native vectors: parameters, their copies in the type of the computation, the
 * gradient, the optimiser state and the running average.
 */
final class TrainingVectors implements AutoCloseable {
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final FlatLayout layout;
    private final FlatVector values;
    private final FlatVector gradient;
    private final ComputeWeights compute;
    private final Optimizer optimizer;
    private final @Nullable OptimizerParts parts;
    private final long bucketElements;
    private final @Nullable FlatVector average;

    /**
     * @param initial the initial parameters
     * @param averaging whether a running average of the parameters is kept
     * @param type element type of the computation
     * @param parallel the processes, which may divide the optimiser state
     */
    TrainingVectors(
            FlatLayout layout,
            OptimizerSettings settings,
            WeightSource initial,
            boolean averaging,
            ScalarType type,
            Device device,
            DataParallel parallel) {
        this.layout = layout;
        bucketElements = parallel.bucketElements();
        ProcessGroup group = parallel.processes();
        boolean sharded = parallel.shardedOptimizer() && !group.isAlone();
        FlatLayout.Span share = layout.shares(sharded ? group.size() : 1).get(sharded ? group.rank() : 0);
        try {
            values = own(new FlatVector(layout, ScalarType.Float, device));
            layout.slots().keySet().forEach(name -> values.load(name, initial, name));
            gradient = own(new FlatVector(layout, ScalarType.Float, device));
            compute = own(new ComputeWeights(layout, values, gradient, type, device));
            optimizer = own(new Optimizer(settings, layout, share, device));
            parts = sharded ? own(new OptimizerParts(layout, group, optimizer.memory(), device)) : null;
            average = averaging ? own(new FlatVector(layout, ScalarType.Float, device)) : null;
            if (average != null) {
                average.copyFrom(values);
            }
        } catch (RuntimeException | Error failure) {
            closeAll(failure);
            throw failure;
        }
    }

    private <T extends AutoCloseable> T own(T one) {
        owned.push(one);
        return one;
    }

    FlatLayout layout() {
        return layout;
    }

    /** Returns the parameters as read by the graph. */
    ComputeWeights compute() {
        return compute;
    }

    FlatVector gradient() {
        return gradient;
    }

    /** Updates the parameters with the gradient, and then the average. */
    void update(double learningRate, long step, double averageDecay, StepTimes times) {
        optimizer.update(values, gradient, learningRate, step);
        if (parts != null) {
            times.add("optimizer");
            parts.exchange(values, bucketElements);
            times.add("parameters of other processes");
        }
        compute.refresh(values);
        if (average != null) {
            try (TensorScope scope = new TensorScope();
                    NoGradGuard quiet = new NoGradGuard()) {
                average.whole().lerp_(values.whole(), new Scalar(1 - averageDecay));
            }
        }
    }

    WeightSource weights() {
        return new FlatSource("the parameters in training", layout, Map.of("", values));
    }

    WeightSource averagedWeights() {
        return new FlatSource("the averaged parameters", layout, Map.of("", averagedOr(true)));
    }

    FrozenWeights freeze(boolean averaged, ScalarType type, Device device, int threads) {
        return new FrozenWeights(layout, averagedOr(averaged), type, device, threads);
    }

    private FlatVector averagedOr(boolean averaged) {
        return averaged && average != null ? average : values;
    }

    /** Returns the whole state; if processes divide the optimiser state, all must call this, and only the first one gets it. */
    WeightSource state() {
        if (parts == null) {
            return new FlatSource("the training state", layout, stateVectors());
        }
        Map<String, FlatVector> collected = parts.collect();
        Map<String, FlatVector> all = new LinkedHashMap<>(wholeVectors());
        collected.forEach((name, vector) -> all.put(memoryName(name), vector));
        return new FlatSource("the training state", layout, all) {
            @Override
            public void close() {
                collected.values().forEach(FlatVector::close);
            }
        };
    }

    void restore(WeightSource state) {
        wholeVectors().forEach((prefix, vector) -> load(vector, state, prefix));
        optimizer
                .memory()
                .forEach((name, vector) -> load(parts == null ? vector : parts.reading(name), state, memoryName(name)));
        compute.refresh(values);
    }

    private void load(FlatVector vector, WeightSource state, String prefix) {
        layout.slots().keySet().forEach(name -> vector.load(name, state, prefix + name));
    }

    /** Visits every vector that is the same in all processes. */
    void forEachShared(Consumer<FlatVector> visitor) {
        (parts == null ? stateVectors() : wholeVectors()).values().forEach(visitor);
    }

    /** Copies the state of the first process. */
    void takeFromFirst(Consumer<FlatVector> taking) {
        forEachShared(taking);
        if (parts != null) {
            parts.giveOut();
        }
        compute.refresh(values);
    }

    /** Returns the bytes of the optimiser state in this process. */
    long optimizerBytes() {
        return optimizer.memory().values().stream().mapToLong(FlatVector::bytes).sum();
    }

    Optional<String> findNotFinite() {
        for (Map.Entry<String, FlatVector> entry : stateVectors().entrySet()) {
            FlatVector vector = entry.getValue();
            if (!vector.isFinite()) {
                return layout.slots().keySet().stream()
                        .filter(name -> !vector.isFinite(name))
                        .map(name -> entry.getKey() + name)
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    private Map<String, FlatVector> stateVectors() {
        Map<String, FlatVector> vectors = new LinkedHashMap<>();
        vectors.put("model.", values);
        optimizer.memory().forEach((name, vector) -> vectors.put(memoryName(name), vector));
        if (average != null) {
            vectors.put("average.", average);
        }
        return vectors;
    }

    private Map<String, FlatVector> wholeVectors() {
        Map<String, FlatVector> vectors = stateVectors();
        optimizer.memory().keySet().forEach(name -> vectors.remove(memoryName(name)));
        return vectors;
    }

    private static String memoryName(String name) {
        return "optimizer." + name + ".";
    }

    @Override
    public void close() {
        IllegalStateException failure = new IllegalStateException("a trainer cannot be closed");
        closeAll(failure);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    /** Releases the native memory that a failed constructor has allocated. */
    @SuppressWarnings("InterruptedExceptionSwallowed") // none of these waits
    private void closeAll(Throwable failure) {
        for (AutoCloseable one : owned) {
            try {
                one.close();
            } catch (Exception second) {
                failure.addSuppressed(second);
            }
        }
        owned.clear();
    }
}
