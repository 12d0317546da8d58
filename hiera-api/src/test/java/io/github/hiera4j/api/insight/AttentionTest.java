package io.github.hiera4j.api.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.api.EncoderGraph;
import io.github.hiera4j.api.HieraGraph;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.insight.attention.AttentionModel;
import io.github.hiera4j.api.insight.attention.BlockAttention;
import io.github.hiera4j.api.insight.attention.TokenGrid;
import io.github.hiera4j.api.insight.attention.ViewAttention;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.testing.TestFiles;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {
    private static final LoadOptions REFERENCE = LoadOptions.DEFAULT.withBackend("reference");

    @ParameterizedTest
    @CsvSource({
        "nano_official.pth, reference, 1e-12",
        "nano_video_official.pth, reference, 1e-12",
        "mae_nano_official.pth, reference, 1e-12",
        "nano_official.pth, onednn, 1e-5",
        "nano_video_official.pth, torch, 1e-5"
    })
    void probabilitiesTimesValuesAreWhatTheNetworkComputes(String checkpoint, String backend, double tolerance) {
        LoadOptions options = LoadOptions.DEFAULT.withBackend(backend);
        try (AttentionModel model = AttentionModel.load(TestFiles.checkpoint(checkpoint), options);
                HieraGraph whole = HieraGraph.load(TestFiles.checkpoint(checkpoint), options, config -> {
                    Graph graph = EncoderGraph.of(config);
                    return graph.exposing(attentions(graph, config.encoder()));
                })) {
            HostTensor view = Views.noise(whole.encoder(), 3);
            ViewAttention attention = model.attend(view);
            assertThat(attention.blocks()).isEqualTo(whole.encoder().depth());
            for (int number = 0; number < attention.blocks(); number++) {
                BlockAttention block = attention.block(number);
                String name = EncoderGraph.attention(whole.graph(), number).name();
                double[] expected = whole.run(view, name).toDoubles();
                double[] attended = block.attended();
                assertThat(attended).hasSameSizeAs(expected);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(attended[i]).isCloseTo(expected[i], within(tolerance));
                }
            }
        }
    }

    private static List<String> attentions(Graph graph, HieraConfig config) {
        return IntStream.range(0, config.depth())
                .mapToObj(block -> EncoderGraph.attention(graph, block).name())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nano_official.pth", "nano_video_official.pth"})
    void everyRowOfEveryHeadSumsToOne(String checkpoint) {
        try (AttentionModel model = AttentionModel.load(TestFiles.checkpoint(checkpoint), REFERENCE)) {
            ViewAttention attention = model.attend(Views.noise(model.model().encoder(), 5));
            for (int number = 0; number < attention.blocks(); number++) {
                BlockAttention block = attention.block(number);
                for (int head = BlockAttention.MEAN; head < block.heads(); head++) {
                    for (double[] row : block.matrix(head)) {
                        assertThat(row).hasSize(block.keysPerWindow());
                        assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(1e-12));
                    }
                    assertThat(total(block.received(head))).isCloseTo(1, within(1e-5));
                }
            }
            assertThat(total(attention.rollout(null))).isCloseTo(1, within(1e-5));
            assertThat(total(attention.rollout(new ViewAttention.Pixel(3, 3, null))))
                    .isCloseTo(1, within(1e-5));
        }
    }

    /** Attention within mask units is zero outside the query's unit, for every position. */
    @ParameterizedTest
    @ValueSource(strings = {"nano_official.pth", "nano_video_official.pth"})
    void aQueryOfAWindowedBlockLooksOnlyIntoItsOwnMaskUnit(String checkpoint) {
        try (AttentionModel model = AttentionModel.load(TestFiles.checkpoint(checkpoint), REFERENCE)) {
            HieraConfig config = model.model().encoder();
            ViewAttention attention = model.attend(Views.noise(config, 6));
            BlockAttention first = attention.block(0);
            assertThat(first.windows()).isGreaterThan(1);
            List<Integer> pixelsOfUnit = config.inputMultiple();
            int axes = config.axes();
            int height = config.inputSize().get(axes - 2);
            int width = config.inputSize().get(axes - 1);
            for (ViewAttention.Pixel pixel : List.of(
                    new ViewAttention.Pixel(0, 0, 0),
                    new ViewAttention.Pixel(width - 1, 0, 0),
                    new ViewAttention.Pixel(0, height - 1, 0),
                    new ViewAttention.Pixel(width / 2, height / 2, 0))) {
                List<Grid> grids = first.from(BlockAttention.MEAN, attention.queryAt(first, pixel));
                assertThat(grids).hasSize(first.keyGrid().steps());
                for (int step = 0; step < grids.size(); step++) {
                    Grid grid = grids.get(step);
                    for (int row = 0; row < grid.rows(); row++) {
                        for (int column = 0; column < grid.columns(); column++) {
                            boolean sameUnit = step == 0
                                    && row * height / grid.rows() / pixelsOfUnit.get(axes - 2)
                                            == pixel.y() / pixelsOfUnit.get(axes - 2)
                                    && column * width / grid.columns() / pixelsOfUnit.get(axes - 1)
                                            == pixel.x() / pixelsOfUnit.get(axes - 1);
                            assertThat(grid.at(row, column) > 0)
                                    .as("step %d row %d column %d for %s", step, row, column, pixel)
                                    .isEqualTo(sameUnit);
                        }
                    }
                }
            }
        }
    }

    /** The square keeps a distance from the unit's border, which the patch kernel crosses, so that the first windows contain it. */
    @Test
    void theOnlyObjectOfAPictureIsWhereTheMapSaysAndAShiftByAMaskUnitShiftsTheMap() {
        try (AttentionModel model = AttentionModel.load(TestFiles.checkpoint("nano_official.pth"), REFERENCE)) {
            HieraConfig config = model.model().encoder();
            int unit = config.inputMultiple().get(0);
            Grid empty = firstBlock(model, Views.square(config, 0, 0, 0));
            int cells = empty.rows() / config.unitGrid().get(0);
            for (int[] place : new int[][] {{0, 0}, {1, 0}, {0, 1}, {1, 1}}) {
                Grid map = firstBlock(model, Views.square(config, place[0] * unit + 4, place[1] * unit + 4, unit - 8));
                for (int unitRow = 0; unitRow < 2; unitRow++) {
                    for (int unitColumn = 0; unitColumn < 2; unitColumn++) {
                        double change = changeInside(map, empty, unitRow * cells, unitColumn * cells, cells);
                        if (unitRow == place[0] && unitColumn == place[1]) {
                            assertThat(change).isGreaterThan(1e-5);
                        } else {
                            assertThat(change).isZero();
                        }
                    }
                }
            }
        }
    }

    private static Grid firstBlock(AttentionModel model, HostTensor view) {
        return model.attend(view).block(0).received(BlockAttention.MEAN).get(0);
    }

    private static double changeInside(Grid grid, Grid other, int top, int left, int cells) {
        double change = 0;
        for (int row = top; row < top + cells; row++) {
            for (int column = left; column < left + cells; column++) {
                change = Math.max(change, Math.abs(grid.at(row, column) - other.at(row, column)));
            }
        }
        return change;
    }

    @Test
    void everyTokenHasItsOwnPlace() {
        try (AttentionModel model = AttentionModel.load(TestFiles.checkpoint("nano_video_official.pth"), REFERENCE)) {
            TokenGrid grid = new TokenGrid(model.model().encoder(), 1);
            boolean[] seen = new boolean[grid.tokens()];
            for (int step = 0; step < grid.steps(); step++) {
                for (int row = 0; row < grid.rows(); row++) {
                    for (int column = 0; column < grid.columns(); column++) {
                        int token = grid.tokenAt(step, row, column);
                        assertThat(seen[token]).isFalse();
                        seen[token] = true;
                    }
                }
            }
        }
    }

    @Test
    void aPixelOutsideTheViewIsRefused() {
        try (AttentionModel model = AttentionModel.load(TestFiles.checkpoint("nano_official.pth"), REFERENCE)) {
            ViewAttention attention = model.attend(Views.noise(model.model().encoder(), 5));
            ViewAttention.Pixel outside = new ViewAttention.Pixel(64, 0, null);
            assertThatThrownBy(() -> attention.rollout(outside))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("there is no pixel 64,0");
            assertThatThrownBy(() -> attention.block(99))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("got 99");
        }
    }

    private static double total(List<Grid> grids) {
        double sum = 0;
        for (Grid grid : grids) {
            for (float value : grid.values()) {
                sum += value;
            }
        }
        return sum;
    }
}
