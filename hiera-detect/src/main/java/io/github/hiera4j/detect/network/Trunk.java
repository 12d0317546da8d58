package io.github.hiera4j.detect.network;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.hieradet.HieraDet;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The backbone of a detector: either HieraDet, whose windows fit any size, or plain Hiera at the size of its position embedding.
 * Parameters have Hiera's official names.
 *
 * @param windowed HieraDet
 * @param plain Hiera, an image model with four stages
 */
public record Trunk(
        @Nullable HieraDetConfig windowed, @Nullable HieraConfig plain) {
    /** Number of stages, each of which feeds a level of the pyramid. */
    public static final int STAGES = 4;

    /**
     * Checks the values.
     *
     * @param windowed HieraDet
     * @param plain Hiera, an image model with four stages
     * @throws io.github.hiera4j.model.HieraException unless one configuration with four stages and three poolings is given
     */
    public Trunk {
        check((windowed == null) != (plain == null), "a detector needs one trunk: HieraDet or Hiera");
        List<Integer> stages = windowed != null
                ? windowed.stages()
                : Objects.requireNonNull(plain).stages();
        int poolings = windowed != null
                ? windowed.qPool()
                : Objects.requireNonNull(plain).qPool();
        check(
                stages.size() == STAGES && poolings == STAGES - 1,
                "a detector needs a trunk of %d stages with %d poolings, got the stages %s with %d",
                STAGES,
                STAGES - 1,
                stages,
                poolings);
        check(plain == null || plain.axes() == 2, "a detector needs an image model as its trunk");
        int stride = windowed != null
                ? windowed.patchStride()
                : Objects.requireNonNull(plain).patchStride().get(0);
        check(stride == 4, "a detector needs patches of stride 4, got %d", stride);
    }

    /**
     * {@return a HieraDet trunk}
     *
     * @param config the settings of the trunk
     */
    public static Trunk of(HieraDetConfig config) {
        return new Trunk(config, null);
    }

    /**
     * {@return a plain Hiera trunk}
     *
     * @param config the settings of the encoder
     */
    public static Trunk of(HieraConfig config) {
        return new Trunk(null, config);
    }

    /** {@return the height and width of the graph's input, in pixels} */
    public List<Integer> inputSize() {
        return windowed != null
                ? windowed.inputSize()
                : Objects.requireNonNull(plain).inputSize();
    }

    /**
     * {@return a trunk with the same weights at another input size; only HieraDet supports this}
     *
     * @param height in pixels
     * @param width in pixels
     */
    public Trunk resized(int height, int width) {
        if (inputSize().equals(List.of(height, width))) {
            return this;
        }
        check(
                windowed != null,
                "a plain Hiera trunk accepts only images of %s, got %d × %d: use a HieraDet trunk",
                inputSize(),
                height,
                width);
        return of(Objects.requireNonNull(windowed).resized(height, width));
    }

    /** {@return the number of pixels of which each input side must be a multiple} */
    public int multiple() {
        return windowed != null ? Math.max(32, 4 * windowed.gridMultiple()) : 32;
    }

    /** {@return the number of blocks in all stages} */
    public int depth() {
        return windowed != null
                ? windowed.depth()
                : Objects.requireNonNull(plain).depth();
    }

    /** Returns the epsilon of the LayerNorms. */
    double layerNormEps() {
        return windowed != null
                ? windowed.layerNormEps()
                : Objects.requireNonNull(plain).layerNormEps();
    }

    /**
     * Returns a copy with another drop path rate for the last block.
     *
     * @param rate the rate, 0 to 1
     * @return the trunk
     */
    public Trunk withDropPath(double rate) {
        return windowed != null
                ? of(windowed.toBuilder().dropPathRate(rate).build())
                : of(Objects.requireNonNull(plain).toBuilder()
                        .dropPathRate(rate)
                        .build());
    }

    /** Returns the maps at the end of each stage, finest first: {@code [B, h, w, C]}. */
    List<Value> build(GraphBuilder g, Value pixels) {
        return windowed != null
                ? new HieraDet(windowed, HieraDet.Naming.HIERA).build(g, pixels)
                : new HieraEncoder(Objects.requireNonNull(plain))
                        .build(g, pixels)
                        .stages();
    }
}
