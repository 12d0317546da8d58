package io.github.hiera4j.model.transfer;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An encoder's weights under the names of a trunk, with the position embedding in two parts, float64. */
final class TrunkWeights implements WeightSource {
    private static final String POSITIONS = "pos_embed";
    private static final String WINDOW = "pos_embed_window";

    private final WeightSource source;
    private final HieraConfig encoder;
    private final TrunkConversion conversion;
    private final String prefix;
    private final Map<String, String> sourceNames = new LinkedHashMap<>();

    TrunkWeights(WeightSource source, HieraConfig encoder, TrunkConversion conversion, String prefix) {
        this.source = source;
        this.encoder = encoder;
        this.conversion = conversion;
        this.prefix = prefix;
        sourceNames.put(prefix + POSITIONS, POSITIONS);
        sourceNames.put(prefix + WINDOW, POSITIONS);
        for (String name : source.names()) {
            if (name.startsWith("blocks.") || name.startsWith("patch_embed.")) {
                sourceNames.put(prefix + trunkName(name), name);
            }
        }
    }

    private static String trunkName(String official) {
        return official.replace(".mlp.fc1.", ".mlp.layers.0.").replace(".mlp.fc2.", ".mlp.layers.1.");
    }

    private String sourceName(String name) {
        String found = sourceNames.get(name);
        if (found == null) {
            throw new HieraException(source.description() + ": the trunk does not have this weight");
        }
        return found;
    }

    @Override
    public String description() {
        return source.description();
    }

    @Override
    public Set<String> names() {
        return java.util.Collections.unmodifiableSet(sourceNames.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        String stored = sourceName(name);
        return stored.equals(POSITIONS) ? new TensorInfo(DType.FLOAT64, shape(name)) : source.info(stored);
    }

    /** Converts to {@code [1, C, rows, columns]}. */
    private Shape shape(String name) {
        List<Integer> grid = name.equals(prefix + WINDOW)
                ? encoder.maskUnitSize()
                : conversion == TrunkConversion.WHOLE ? encoder.tokenGrid() : encoder.unitGrid();
        return Shape.of(1, encoder.embedDim(), grid.get(0), grid.get(1));
    }

    @Override
    public HostTensor read(String name) {
        String stored = sourceName(name);
        if (!stored.equals(POSITIONS)) {
            return source.read(stored);
        }
        Shape shape = shape(name);
        boolean window = name.equals(prefix + WINDOW);
        if (conversion == TrunkConversion.WHOLE) {
            return window ? HostTensor.allocate(DType.FLOAT64, shape) : channelsFirst(table(), shape);
        }
        double[] pattern = windowMeans(table());
        return window ? channelsFirst(pattern, shape) : channelsFirst(unitMeans(table(), pattern), shape);
    }

    /** Returns the stored embedding, row-major {@code [H, W, C]}. */
    private double[] table() {
        int positions = Axes.product(encoder.tokenGrid());
        return source.read(POSITIONS, Shape.of(1, positions, encoder.embedDim()))
                .toDoubles();
    }

    private static HostTensor channelsFirst(double[] table, Shape shape) {
        int channels = shape.size(1);
        int positions = table.length / channels;
        double[] turned = new double[table.length];
        for (int i = 0; i < table.length; i++) {
            turned[i % channels * positions + i / channels] = table[i];
        }
        return HostTensor.of(shape, turned);
    }

    /** Returns the mean over all units of each position inside a unit: {@code [h, w, C]}. */
    private double[] windowMeans(double[] table) {
        int units = Axes.product(encoder.unitGrid());
        double[] means = new double[Axes.product(encoder.maskUnitSize()) * encoder.embedDim()];
        for (int i = 0; i < table.length; i++) {
            means[inUnit(i)] += table[i] / units;
        }
        return means;
    }

    /** Returns the mean over each unit after subtraction of the pattern: {@code [rows of units, columns of units, C]}. */
    private double[] unitMeans(double[] table, double[] pattern) {
        int unitTokens = Axes.product(encoder.maskUnitSize());
        double[] means = new double[Axes.product(encoder.unitGrid()) * encoder.embedDim()];
        for (int i = 0; i < table.length; i++) {
            means[unit(i)] += (table[i] - pattern[inUnit(i)]) / unitTokens;
        }
        return means;
    }

    private int inUnit(int element) {
        int channels = encoder.embedDim();
        int columns = encoder.tokenGrid().get(1);
        int rowInUnit = element / channels / columns % encoder.maskUnitSize().get(0);
        int columnInUnit = element / channels % columns % encoder.maskUnitSize().get(1);
        return (rowInUnit * encoder.maskUnitSize().get(1) + columnInUnit) * channels + element % channels;
    }

    private int unit(int element) {
        int channels = encoder.embedDim();
        int columns = encoder.tokenGrid().get(1);
        int unitRow = element / channels / columns / encoder.maskUnitSize().get(0);
        int unitColumn = element / channels % columns / encoder.maskUnitSize().get(1);
        return (unitRow * encoder.unitGrid().get(1) + unitColumn) * channels + element % channels;
    }

    @Override
    public void close() {
        source.close();
    }
}
