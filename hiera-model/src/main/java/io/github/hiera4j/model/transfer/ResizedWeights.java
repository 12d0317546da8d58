package io.github.hiera4j.model.transfer;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.network.PositionResizing;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.LinearQuantization;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The weights of a model at another input size: its learned position embeddings are resized to the new grid; all other tensors
 * are unchanged.
 *
 * <p>Space is resized by a {@link PositionResizing} chosen by the caller, time linearly. Resized tensors are float64, so that
 * nothing is rounded twice; {@code ConvertedWeights} converts them to another type.
 */
public final class ResizedWeights implements WeightSource {
    private final WeightSource source;
    private final Map<String, List<Integer>> from;
    private final Map<String, List<Integer>> to;
    private final PositionResizing rule;

    private ResizedWeights(
            WeightSource source,
            Map<String, List<Integer>> from,
            Map<String, List<Integer>> to,
            PositionResizing rule) {
        this.source = source;
        this.from = from;
        this.to = to;
        this.rule = rule;
    }

    /**
     * {@return the weights for another input size; positions are resized when they are read}
     *
     * @param source weights under official names
     * @param trained the model that they were trained for
     * @param target the same model at another input size
     * @param rule how space is resized; {@link PositionResizing#BICUBIC} except to match timm
     */
    public static WeightSource of(WeightSource source, ModelConfig trained, ModelConfig target, PositionResizing rule) {
        Map<String, List<Integer>> from = PositionGrids.of(trained);
        Map<String, List<Integer>> to = PositionGrids.of(target);
        check(
                from.keySet().equals(to.keySet())
                        && trained.encoder().axes() == target.encoder().axes(),
                "%s: expected position embeddings %s of a model of the same kind, the weights have %s",
                source.description(),
                to.keySet(),
                from.keySet());
        return from.equals(to) ? source : new ResizedWeights(source, from, to, rule);
    }

    private boolean isResized(String name) {
        return to.containsKey(name) && source.contains(name) && !Objects.equals(from.get(name), to.get(name));
    }

    @Override
    public String description() {
        return source.description();
    }

    @Override
    public Set<String> names() {
        return source.names();
    }

    @Override
    public TensorInfo info(String name) {
        TensorInfo info = source.info(name);
        return isResized(name) ? new TensorInfo(DType.FLOAT64, shape(name, to, info.shape())) : info;
    }

    /** Returns the shape {@code [1, positions, C]} for a grid, with the channels of the stored tensor. */
    private static Shape shape(String name, Map<String, List<Integer>> grids, Shape stored) {
        int positions = Axes.product(Objects.requireNonNull(grids.get(name)));
        return Shape.of(1, positions, stored.size(-1));
    }

    @Override
    public HostTensor read(String name) {
        if (!isResized(name)) {
            return source.read(name);
        }
        HostTensor stored =
                source.read(name, shape(name, from, source.info(name).shape()));
        List<Integer> before = Objects.requireNonNull(from.get(name));
        List<Integer> after = Objects.requireNonNull(to.get(name));
        double[] resized = GridResize.apply(stored.toDoubles(), before, after, rules(name, before.size()));
        return HostTensor.of(shape(name, to, stored.shape()), resized);
    }

    private List<PositionResizing> rules(String name, int axes) {
        return IntStream.range(0, axes)
                .mapToObj(axis -> isTime(name, axes, axis) ? PositionResizing.LINEAR : rule)
                .toList();
    }

    private static boolean isTime(String name, int axes, int axis) {
        return axis == 0 && (axes == 3 || name.equals("pos_embed_temporal"));
    }

    @Override
    public Optional<LinearQuantization> quantization(String weight) {
        return source.quantization(weight);
    }

    @Override
    public void close() {
        source.close();
    }
}
