package io.github.hiera4j.model.mae;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The mask units of each sample that the encoder sees. Units are numbered in raster order (time, height, width).
 *
 * @param units mask units of one sample
 * @param visible the visible units of each sample, in ascending order; the same number for every sample
 */
public record MaskUnits(int units, List<List<Integer>> visible) {

    /**
     * Checks the values and copies the collections.
     *
     * @param units mask units of one sample
     * @param visible the visible units of each sample, in ascending order; the same number for every sample
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public MaskUnits {
        check(!visible.isEmpty(), "a mask needs at least one sample");
        visible = visible.stream().map(List::copyOf).toList();
        int keep = visible.get(0).size();
        check(
                keep >= 1 && keep < units,
                "a mask must leave 1 to %d of %d units visible, got %d",
                units - 1,
                units,
                keep);
        for (List<Integer> row : visible) {
            check(row.size() == keep, "every sample must keep %d units, but one keeps %d", keep, row.size());
            for (int i = 0; i < row.size(); i++) {
                boolean ascends = i == 0 || row.get(i - 1) < row.get(i);
                check(
                        ascends && row.get(i) >= 0 && row.get(i) < units,
                        "visible units must be ascending numbers from 0 to %d, got %s",
                        units - 1,
                        row);
            }
        }
    }

    /**
     * Returns the number of visible units, {@code (int) (units · (1 - ratio))}, in double arithmetic like the reference.
     *
     * @param units mask units of a sample
     * @param maskRatio share of the mask units that are hidden, 0 to 1
     * @return the number of visible units
     */
    public static int keepCount(int units, double maskRatio) {
        check(maskRatio > 0 && maskRatio < 1, "mask ratio must be between 0 and 1, got %s", maskRatio);
        int keep = (int) (units * (1 - maskRatio));
        check(
                keep >= 1,
                "a mask ratio of %s keeps none of %d mask units: choose one of at most %.3f",
                maskRatio,
                units,
                Math.floor((1 - 1.0 / units) * 1000) / 1000);
        check(keep < units, "a mask ratio of %s hides none of %d mask units: choose a larger one", maskRatio, units);
        return keep;
    }

    /**
     * Draws a mask: one uniform number per unit; the units with the smallest numbers stay visible.
     *
     * @param config the settings of the autoencoder
     * @param batch samples, 1 or more
     * @param maskRatio share of the mask units that are hidden, 0 to 1
     * @param random the random number generator
     * @return the mask
     */
    public static MaskUnits random(MaeConfig config, int batch, double maskRatio, RandomGenerator random) {
        return random(Axes.product(config.encoder().unitGrid()), batch, maskRatio, random);
    }

    /**
     * Draws a mask for any kind of units.
     *
     * @param units units of one sample, 2 or more
     * @param batch samples, 1 or more
     * @param maskRatio share of the units that are hidden, 0 to 1
     * @param random the random number generator
     * @return the mask
     */
    public static MaskUnits random(int units, int batch, double maskRatio, RandomGenerator random) {
        double[][] noise = new double[batch][units];
        for (double[] row : noise) {
            Arrays.setAll(row, unit -> random.nextDouble());
        }
        return fromNoise(noise, maskRatio);
    }

    /**
     * {@return the mask that keeps the units with the smallest numbers of each row}
     *
     * @param noise one number per mask unit and sample; the smallest stay visible
     * @param maskRatio share of the mask units that are hidden, 0 to 1
     */
    public static MaskUnits fromNoise(double[][] noise, double maskRatio) {
        int units = noise[0].length;
        int keep = keepCount(units, maskRatio);
        List<List<Integer>> visible = new ArrayList<>();
        for (double[] row : noise) {
            visible.add(IntStream.range(0, units)
                    .boxed()
                    .sorted(Comparator.comparingDouble(unit -> row[unit]))
                    .limit(keep)
                    .sorted()
                    .toList());
        }
        return new MaskUnits(units, visible);
    }

    /**
     * Returns the masks of some samples.
     *
     * @param samples their numbers, from 0
     * @return a mask of these samples
     */
    public MaskUnits select(int[] samples) {
        return new MaskUnits(
                units, Arrays.stream(samples).mapToObj(visible::get).toList());
    }

    /** {@return the number of samples} */
    public int batch() {
        return visible.size();
    }

    /**
     * Returns the visible units of each sample.
     *
     * @return the visible units
     */
    public int keep() {
        return visible.get(0).size();
    }

    /**
     * {@return the inputs of an autoencoder's graph other than the pixels: the mask as numbers and indices}
     *
     * @param config the settings of the autoencoder
     */
    public Map<String, HostTensor> feeds(MaeConfig config) {
        int expected = Axes.product(config.encoder().unitGrid());
        check(units == expected, "the model has %d mask units, the mask has %d", expected, units);
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(HieraMae.VISIBLE_UNITS, visibleUnits());
        feeds.put(
                HieraMae.VISIBLE_TOKENS,
                visibleTokens(Axes.product(config.encoder().maskUnitSize())));
        int[] unitOfToken = unitOfToken(config);
        feeds.put(HieraMae.DECODER_SOURCES, decoderSources(config, unitOfToken));
        feeds.put(HieraMae.HIDDEN_TOKENS, hiddenTokens(unitOfToken));
        return feeds;
    }

    /** Returns {@code [B, units]}: 1 for visible and 0 for hidden units. */
    private HostTensor visibleUnits() {
        float[] flags = new float[batch() * units];
        for (int sample = 0; sample < batch(); sample++) {
            for (int unit : visible.get(sample)) {
                flags[sample * units + unit] = 1;
            }
        }
        return HostTensor.of(Shape.of(batch(), units), flags);
    }

    /** Returns {@code [B, keep · tokensPerUnit]}: the visible tokens among the unrolled ones, with the unit varying fastest. */
    private HostTensor visibleTokens(int tokensPerUnit) {
        long[] indices = new long[batch() * keep() * tokensPerUnit];
        int next = 0;
        for (List<Integer> row : visible) {
            for (int inside = 0; inside < tokensPerUnit; inside++) {
                for (int unit : row) {
                    indices[next++] = (long) inside * units + unit;
                }
            }
        }
        return HostTensor.of(Shape.of(batch(), keep() * tokensPerUnit), indices);
    }

    /**
     * Returns {@code [B, decoder tokens]}: for each raster position of the decoder's grid, the row among the encoded tokens
     * {@code [keep · tokensPerUnit]} that belongs there, or the row after them, which is the mask token.
     */
    private HostTensor decoderSources(MaeConfig config, int[] unitOfToken) {
        int tokensPerUnit = Axes.product(config.finalUnitSize());
        int maskToken = keep() * tokensPerUnit;
        long[] sources = new long[batch() * unitOfToken.length];
        int[] seen = new int[units];
        for (int sample = 0; sample < batch(); sample++) {
            Arrays.fill(seen, 0);
            for (int token = 0; token < unitOfToken.length; token++) {
                int unit = unitOfToken[token];
                int rank = visible.get(sample).indexOf(unit);
                int inside = seen[unit]++; // raster order inside the unit, like the encoded tokens
                sources[sample * unitOfToken.length + token] =
                        rank < 0 ? maskToken : (long) rank * tokensPerUnit + inside;
            }
        }
        return HostTensor.of(Shape.of(batch(), unitOfToken.length), sources);
    }

    /** Returns {@code [B, hidden tokens]}: the raster positions of the decoder's grid to reconstruct. */
    private HostTensor hiddenTokens(int[] unitOfToken) {
        List<Long> hidden = new ArrayList<>();
        for (List<Integer> row : visible) {
            for (int token = 0; token < unitOfToken.length; token++) {
                if (!row.contains(unitOfToken[token])) {
                    hidden.add((long) token);
                }
            }
        }
        long[] indices = hidden.stream().mapToLong(Long::longValue).toArray();
        return HostTensor.of(Shape.of(batch(), indices.length / batch()), indices);
    }

    /**
     * {@return the mask unit of every raster position of the decoder's grid}
     *
     * @param config the settings of the autoencoder
     */
    public static int[] unitOfToken(MaeConfig config) {
        List<Integer> grid = config.decoderGrid();
        List<Integer> unitGrid = config.encoder().unitGrid();
        List<Integer> unitSize = config.finalUnitSize();
        int[] units = new int[Axes.product(grid)];
        for (int token = 0; token < units.length; token++) {
            int rest = token;
            int unit = 0;
            int unitStride = 1;
            for (int axis = grid.size() - 1; axis >= 0; axis--) {
                unit += rest % grid.get(axis) / unitSize.get(axis) * unitStride;
                unitStride *= unitGrid.get(axis);
                rest /= grid.get(axis);
            }
            units[token] = unit;
        }
        return units;
    }
}
