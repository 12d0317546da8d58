package io.github.hiera4j.api;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The output of a stage in spatial order, independent of the token order inside the network.
 *
 * @param stage number of the stage, from 1
 * @param axes names of the axes, in order: {@code H, W, C} for images, {@code T, H, W, C} for video
 * @param values float32, row-major, one size per axis
 */
public record FeatureMap(int stage, List<String> axes, HostTensor values) {
    /**
     * Copies the names of the axes.
     *
     * @param stage number of the stage, from 1
     * @param axes names of the axes, in order
     * @param values one size per axis
     */
    public FeatureMap {
        axes = List.copyOf(axes);
    }

    /** Returns the maps of a sample: the first of each stage's batch. */
    static List<FeatureMap> ofStages(HieraConfig config, List<HostTensor> maps) {
        List<String> axes = config.isVideo() ? List.of("T", "H", "W", "C") : List.of("H", "W", "C");
        return IntStream.range(0, maps.size())
                .mapToObj(
                        stage -> new FeatureMap(stage + 1, axes, maps.get(stage).slice(0)))
                .toList();
    }

    /**
     * Returns the size of a named axis.
     *
     * @param axis its name
     * @return its size
     */
    public int size(String axis) {
        return values.shape().size(axes.indexOf(axis));
    }

    /**
     * Returns one value.
     *
     * @param position one index per axis, in the order of {@link #axes}
     * @return its value
     */
    public float at(int... position) {
        int flat = 0;
        for (int axis = 0; axis < position.length; axis++) {
            Objects.checkIndex(position[axis], values.shape().size(axis));
            flat = flat * values.shape().size(axis) + position[axis];
        }
        return (float) values.get(flat);
    }
}
