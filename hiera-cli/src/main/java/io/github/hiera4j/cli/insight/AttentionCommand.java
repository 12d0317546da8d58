package io.github.hiera4j.cli.insight;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.insight.attention.AttentionModel;
import io.github.hiera4j.api.insight.attention.BlockAttention;
import io.github.hiera4j.api.insight.attention.ViewAttention;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.api.insight.picture.Panel;
import io.github.hiera4j.api.insight.picture.Pictures;
import io.github.hiera4j.api.insight.picture.Scale;
import io.github.hiera4j.api.insight.picture.Sheet;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows where a model attends. */
@Command(
        name = "attention",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show where a model's blocks attend, in image coordinates.",
        footer = {
            "Without --query: the attention that each position receives, averaged over all queries. With it: how",
            "that query distributes its attention; blocks with mask unit attention attend within one unit only.",
            "The rollout follows attention and skip connections of all blocks back to the patches.",
            "Values are relative to uniform attention: 1 is what every position would receive if none was preferred.",
            "X and Y are pixels of the model input (224 x 224 for the published models)."
        })
public final class AttentionCommand implements Callable<Integer> {
    private static final int MOST_ROWS = 8;
    private static final double OPACITY = 0.6;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Images, videos, directories, quoted globs, or -.")
    List<String> files = List.of();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(
            names = "--block",
            paramLabel = "I",
            split = ",",
            description = "Blocks to show, from 0 (default: the last of every stage).")
    List<Integer> blocks = List.of();

    @Option(names = "--head", paramLabel = "H", description = "An attention head from 0, or mean (default: mean).")
    String head = "mean";

    @Option(names = "--query", paramLabel = "X,Y[,FRAME]", description = "Show where the query at this pixel attends.")
    @Nullable
    String query;

    @Option(names = "--no-rollout", description = "Omit the rollout over all blocks.")
    boolean noRollout;

    @Mixin
    OutputOptions out = new OutputOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** The attention maps of one file, relative to uniform attention. */
    record Maps(List<Rgb8Image> frames, Map<String, List<Grid>> maps) {}

    /** The figures of one map. */
    record Row(String file, String map, int steps, int rows, int columns, List<List<Float>> timesEven) {}

    @Override
    public Integer call() {
        ViewAttention.Pixel pixel = query == null ? null : PixelText.parse(query);
        int number = headNumber();
        InsightRun run = new InsightRun(spec, out);
        try (AttentionModel attention = AttentionModel.load(model.weights, model.insideOptions())) {
            List<Integer> shown = blocks.isEmpty() ? lastOfStages(attention) : blocks;
            write(
                    run,
                    run.each(files, input -> {
                        HostTensor view = attention.model().view(input);
                        return maps(attention.attend(view), attention.model().pictures(view), shown, number, pixel);
                    }),
                    pixel);
        }
        return run.exitCode();
    }

    private int headNumber() {
        if (head.equals("mean")) {
            return BlockAttention.MEAN;
        }
        checkCall(head.matches("\\d{1,4}"), "--head must be a number from 0, or mean, got '%s'", head);
        return Integer.parseInt(head);
    }

    private static List<Integer> lastOfStages(AttentionModel attention) {
        List<Integer> last = new ArrayList<>();
        int block = -1;
        for (int depth : attention.model().encoder().stages()) {
            block += depth;
            last.add(block);
        }
        return last;
    }

    private Maps maps(
            ViewAttention attention,
            List<Rgb8Image> frames,
            List<Integer> shown,
            int number,
            ViewAttention.@Nullable Pixel pixel) {
        Map<String, List<Grid>> maps = new LinkedHashMap<>();
        for (int one : shown) {
            BlockAttention block = attention.block(one);
            List<Grid> grids =
                    pixel == null ? block.received(number) : block.from(number, attention.queryAt(block, pixel));
            int places = pixel == null ? block.windows() * block.keysPerWindow() : block.keysPerWindow();
            String windows = block.windows() == 1 ? "global" : block.windows() + " windows";
            maps.put("block " + one + ", " + windows, times(grids, places));
        }
        if (!noRollout) {
            List<Grid> grids = attention.rollout(pixel);
            maps.put("rollout", times(grids, grids.size() * grids.get(0).values().length));
        }
        return new Maps(frames, maps);
    }

    private static List<Grid> times(List<Grid> grids, int factor) {
        return grids.stream()
                .map(grid -> {
                    float[] values = grid.values().clone();
                    for (int i = 0; i < values.length; i++) {
                        values[i] *= factor;
                    }
                    return new Grid(grid.rows(), grid.columns(), values);
                })
                .toList();
    }

    private void write(InsightRun run, List<InsightRun.Result<Maps>> results, ViewAttention.@Nullable Pixel pixel) {
        List<Grid> all = new ArrayList<>();
        results.forEach(result -> result.value().maps().values().forEach(all::addAll));
        Scale scale = Scale.amounts("attention, relative to uniform attention", all);
        List<InsightRun.Result<Sheet>> sheets = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (InsightRun.Result<Maps> result : results) {
            sheets.add(new InsightRun.Result<>(result.file(), sheet(result, scale, pixel)));
            result.value().maps().forEach((name, grids) -> {
                run.writeGrids(result.file(), name.replaceAll("[^a-z0-9]+", "-"), grids);
                Grid first = grids.get(0);
                rows.add(new Row(
                        result.file().toString(), name, grids.size(), first.rows(), first.columns(), numbers(grids)));
            });
        }
        run.writeSheets("attention", "Attention", sheets);
        run.writeJson("attention", rows);
    }

    private static List<List<Float>> numbers(List<Grid> grids) {
        return grids.stream()
                .map(grid -> {
                    List<Float> values = new ArrayList<>();
                    for (float value : grid.values()) {
                        values.add(value);
                    }
                    return values;
                })
                .toList();
    }

    private Sheet sheet(InsightRun.Result<Maps> result, Scale scale, ViewAttention.@Nullable Pixel pixel) {
        Maps maps = result.value();
        int frames = maps.frames().size();
        int steps = maps.maps().values().stream().mapToInt(List::size).max().orElse(1);
        List<List<Panel>> rows = new ArrayList<>();
        for (int step : InsightRun.spread(steps, MOST_ROWS)) {
            Rgb8Image frame = maps.frames().get(step * frames / steps);
            List<Panel> panels = new ArrayList<>();
            String title = steps == 1 ? "input" : "frame " + step * frames / steps;
            panels.add(new Panel(title, pixel == null ? frame : Pictures.marked(frame, pixel.x(), pixel.y())));
            maps.maps().forEach((name, grids) -> {
                Grid grid = grids.get(step * grids.size() / steps);
                panels.add(new Panel(name, Pictures.overlaid(frame, grid, scale, OPACITY), scale));
            });
            rows.add(panels);
        }
        String heads = head.equals("mean") ? "mean of all heads" : "head " + head;
        String of = pixel == null ? "received on average" : "of the query at " + query;
        return new Sheet(InsightRun.title(result.file()), "attention " + of + ", " + heads, rows);
    }
}
