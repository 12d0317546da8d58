package io.github.hiera4j.torch.train;

import io.github.hiera4j.torch.TensorScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Turns the flat gradient into an update of the flat values, group by group, and keeps the optimiser state. */
final class Optimizer implements AutoCloseable {
    private final OptimizerSettings settings;
    private final FlatLayout layout;
    private final Device device;
    private final FlatLayout.Span share;
    private final Map<String, FlatVector> memory = new LinkedHashMap<>();

    /** @param share the elements that it updates and whose state it keeps */
    Optimizer(OptimizerSettings settings, FlatLayout layout, FlatLayout.Span share, Device device) {
        this.settings = settings;
        this.share = share;
        this.layout = layout;
        this.device = device;
        List<String> names =
                settings instanceof OptimizerSettings.AdamW ? List.of("mean", "square") : List.of("momentum");
        try {
            names.forEach(name -> memory.put(name, new FlatVector(layout, share, ScalarType.Float, device)));
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    /** Returns the state that a checkpoint must contain, by a short name. */
    Map<String, FlatVector> memory() {
        return memory;
    }

    /** @param step the number of this step, from 1 */
    void update(FlatVector values, FlatVector gradient, double learningRate, long step) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            Tensor number = torch.full(new long[0], new Scalar((double) step), new TensorOptions(ScalarType.Float))
                    .to(device, ScalarType.Float);
            for (FlatLayout.Range range : layout.ranges()) {
                FlatLayout.Span own = share.and(range.offset(), range.length());
                double rate = learningRate * range.learningRateScale();
                if (own.length() == 0) {
                    continue;
                }
                if (settings instanceof OptimizerSettings.AdamW adam) {
                    FusedAdamW.update(
                            values.part(own),
                            gradient.part(own),
                            remembered("mean", own),
                            remembered("square", own),
                            number,
                            rate,
                            range.weightDecay(),
                            adam);
                } else {
                    Tensor momentum = remembered("momentum", own);
                    descend(
                            (OptimizerSettings.Sgd) settings,
                            values.part(own),
                            gradient.part(own),
                            momentum,
                            range.weightDecay(),
                            rate);
                }
            }
        }
    }

    private static void descend(
            OptimizerSettings.Sgd sgd,
            Tensor values,
            Tensor gradient,
            Tensor remembered,
            double weightDecay,
            double learningRate) {
        Tensor decayed = gradient.add(values, new Scalar(weightDecay));
        Tensor momentum = remembered.mul_(new Scalar(sgd.momentum())).add_(decayed);
        Tensor step = sgd.nesterov() ? decayed.add(momentum, new Scalar(sgd.momentum())) : momentum;
        values.sub_(step, new Scalar(learningRate));
    }

    private Tensor remembered(String name, FlatLayout.Span own) {
        return Objects.requireNonNull(memory.get(name)).part(own);
    }

    @Override
    public void close() {
        memory.values().forEach(FlatVector::close);
    }
}
