package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.onnx.graph.Attributes.attribute;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The mask of a masked autoencoder from the indices of its visible units: the input is {@code visible}, int64 {@code [B, keep]}, distinct
 * units in raster order (time, height, width). The index tables that the network gathers with are computed from it: see
 * {@link MaskUnits#feeds}.
 *
 * @param config the autoencoder
 * @param keep visible units of a sample
 */
public record MaskStage(MaeConfig config, int keep) implements InputStage {
    /** The name of the input. */
    public static final String VISIBLE = "visible";

    /**
     * Checks the values.
     *
     * @param config the autoencoder
     * @param keep visible units of a sample
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public MaskStage {
        int units = Axes.product(config.encoder().unitGrid());
        check(keep >= 1 && keep < units, "a mask must leave 1 to %d units visible, got %d", units - 1, keep);
    }

    @Override
    public Set<String> provides() {
        return Set.of(
                HieraMae.VISIBLE_UNITS, HieraMae.VISIBLE_TOKENS, HieraMae.DECODER_SOURCES, HieraMae.HIDDEN_TOKENS);
    }

    @Override
    public List<String> inputNames(Graph network) {
        return List.of(VISIBLE);
    }

    @Override
    public Map<String, Tensor> build(InputNodes nodes, Map<String, Shape> inputs) {
        nodes.scope("mask");
        String batch = ValueInfos.axes(shape(inputs, HieraMae.VISIBLE_UNITS)).get(0);
        String visible = nodes.input(VISIBLE, DType.INT64, List.of(batch, Integer.toString(keep)));
        String column = nodes.node("column", "Unsqueeze", List.of(visible, nodes.integers("axes", -1))); // [B, keep, 1]
        String matches = matches(nodes, column);
        return Map.of(
                HieraMae.VISIBLE_UNITS,
                tensor(inputs, HieraMae.VISIBLE_UNITS, flags(nodes, column), DType.FLOAT32),
                HieraMae.VISIBLE_TOKENS,
                tensor(inputs, HieraMae.VISIBLE_TOKENS, tokens(nodes, visible), DType.INT64),
                HieraMae.DECODER_SOURCES,
                tensor(inputs, HieraMae.DECODER_SOURCES, sources(nodes, matches), DType.INT64),
                HieraMae.HIDDEN_TOKENS,
                tensor(
                        inputs,
                        HieraMae.HIDDEN_TOKENS,
                        hidden(
                                nodes,
                                matches,
                                shape(inputs, HieraMae.HIDDEN_TOKENS).size(1)),
                        DType.INT64));
    }

    private static Shape shape(Map<String, Shape> inputs, String name) {
        return Objects.requireNonNull(inputs.get(name), name);
    }

    private static Tensor tensor(Map<String, Shape> inputs, String name, String made, DType dtype) {
        return new Tensor(made, dtype, shape(inputs, name));
    }

    /** {@code [B, units]}, 1 where a unit is visible. */
    private String flags(InputNodes nodes, String column) {
        int units = Axes.product(config.encoder().unitGrid());
        String numbers = nodes.constant("units", Shape.of(1, 1, units), range(units, 1));
        String equal = nodes.node("is_unit", "Equal", List.of(column, numbers)); // [B, keep, units]
        String ones = nodes.cast("is_unit_number", equal, DType.FLOAT32);
        return nodes.node(
                HieraMae.VISIBLE_UNITS,
                "ReduceSum",
                List.of(ones, nodes.integers("axes", 1)),
                attribute("keepdims", 0));
    }

    /** {@code [B, tokens of a unit · keep]}: unrolled tokens, the unit fastest. */
    private String tokens(InputNodes nodes, String visible) {
        int units = Axes.product(config.encoder().unitGrid());
        int inside = Axes.product(config.encoder().maskUnitSize());
        String row = nodes.node("row", "Unsqueeze", List.of(visible, nodes.integers("axes", 1))); // [B, 1, keep]
        String starts = nodes.constant("token_starts", Shape.of(1, inside, 1), range(inside, units));
        String table = nodes.node("token_table", "Add", List.of(row, starts)); // [B, inside, keep]
        return nodes.node(
                HieraMae.VISIBLE_TOKENS, "Reshape", List.of(table, nodes.integers("shape", 0, (long) inside * keep)));
    }

    /** {@code [B, keep, decoder tokens]}, 1 where the token lies in the visible unit. */
    private String matches(InputNodes nodes, String column) {
        int[] unitOfToken = MaskUnits.unitOfToken(config);
        long[] units = java.util.Arrays.stream(unitOfToken).asLongStream().toArray();
        String table = nodes.constant("unit_of_token", Shape.of(1, 1, units.length), units);
        return nodes.cast("match", nodes.node("matches", "Equal", List.of(column, table)), DType.INT64);
    }

    /** {@code [B, decoder tokens]}: the encoded row of each position, or that of the mask token, which follows them. */
    private String sources(InputNodes nodes, String matches) {
        int[] unitOfToken = MaskUnits.unitOfToken(config);
        int inUnit = Axes.product(config.finalUnitSize());
        int maskToken = keep * inUnit;
        long[] rows = new long[keep * unitOfToken.length];
        int[] seen = new int[Axes.product(config.encoder().unitGrid())];
        for (int token = 0; token < unitOfToken.length; token++) {
            int inside = seen[unitOfToken[token]]++;
            for (int rank = 0; rank < keep; rank++) {
                rows[rank * unitOfToken.length + token] = (long) rank * inUnit + inside - maskToken;
            }
        }
        String table = nodes.constant("row_table", HostTensor.of(Shape.of(1, keep, unitOfToken.length), rows));
        String chosen = nodes.node("rows", "Mul", List.of(matches, table));
        String offset = nodes.node(
                "row_offset", "ReduceSum", List.of(chosen, nodes.integers("axes", 1)), attribute("keepdims", 0));
        return nodes.node(HieraMae.DECODER_SOURCES, "Add", List.of(offset, nodes.integers("number", maskToken)));
    }

    /** {@code [B, hidden]}: the positions that belong to no visible unit, ascending. */
    private String hidden(InputNodes nodes, String matches, int count) {
        String seen =
                nodes.node("seen", "ReduceSum", List.of(matches, nodes.integers("axes", 1)), attribute("keepdims", 0));
        String isHidden = nodes.node("is_hidden", "Equal", List.of(seen, nodes.integers("number", 0)));
        String places = nodes.node("places", "NonZero", List.of(isHidden)); // [2, B · hidden]
        String positions = nodes.node(
                "positions",
                "Slice",
                List.of(places, nodes.integers("starts", 1), nodes.integers("ends", 2), nodes.integers("axes", 0)));
        return nodes.node(HieraMae.HIDDEN_TOKENS, "Reshape", List.of(positions, nodes.integers("shape", -1, count)));
    }

    private static long[] range(int count, int step) {
        return java.util.stream.LongStream.range(0, count).map(i -> i * step).toArray();
    }
}
