package io.github.hiera4j.serve.answer;

import io.github.hiera4j.api.insight.attention.BlockAttention;
import io.github.hiera4j.api.insight.attention.TokenGrid;
import io.github.hiera4j.api.insight.attention.ViewAttention;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.api.insight.picture.Png;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.ServedModel;
import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.request.ServerLimits;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.upload.Parameters;
import io.github.hiera4j.serve.upload.Upload;
import io.github.hiera4j.serve.upload.UploadedMedia;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Shows how queries of a block distribute their attention over the image: all queries, or the one at a pixel. */
final class AttentionEndpoint implements Endpoint {
    private static final int MOST_BLOCKS = 1000;
    private static final int LARGEST_PIXEL = 100_000;

    /** Largest number of probabilities in a response: enough for 14 by 14 queries and keys, not for clips. */
    private static final long MOST_VALUES = 250_000;

    private final Models models;
    private final ServerLimits limits;

    AttentionEndpoint(Models models, ServerLimits limits) {
        this.models = models;
        this.limits = limits;
    }

    /**
     * The JSON object of one file.
     *
     * @param queries steps in time, rows and columns of the queries
     * @param keys steps in time, rows and columns of each map
     * @param view the model's input, for a clip its middle frame: a PNG file in base 64
     * @param maps one map per query in image order; its values are in image order and sum to 1
     */
    record Row(
            String file,
            String model,
            int block,
            int blocks,
            boolean global,
            List<Integer> queries,
            List<Integer> keys,
            String view,
            List<float[]> maps) {}

    @Override
    public Task task() {
        return Task.ATTENTION;
    }

    @Override
    public Set<String> parameters() {
        return new TreeSet<>(Set.of("model", "block", "head", "x", "y", "frame"));
    }

    @Override
    public void check(Parameters parameters) {
        parameters.text("model");
        parameters.integer("block", 0, MOST_BLOCKS);
        parameters.integer("head", 0, MOST_BLOCKS);
        pixel(parameters);
    }

    private static Optional<ViewAttention.Pixel> pixel(Parameters parameters) {
        Optional<Integer> x = parameters.integer("x", 0, LARGEST_PIXEL);
        Optional<Integer> y = parameters.integer("y", 0, LARGEST_PIXEL);
        Optional<Integer> frame = parameters.integer("frame", 0, LARGEST_PIXEL);
        if (x.isPresent() != y.isPresent() || (frame.isPresent() && x.isEmpty())) {
            throw Refusal.of(
                    400, "a query is a pixel of the model's input: give x and y, and for clips optionally frame");
        }
        return x.map(column -> new ViewAttention.Pixel(column, y.orElseThrow(), frame.orElse(null)));
    }

    @Override
    public CompletableFuture<Answer> answer(Upload upload, Parameters parameters, Ticket ticket) {
        UploadedMedia media = new UploadedMedia(upload, limits);
        try (Models.Lease lease = models.choose(task(), parameters.text("model"), media.isVideo())) {
            ServedModel model = lease.model();
            Row row = model.inside().orElseThrow().attention(ticket, attention -> {
                int number = within("block", parameters.integer("block", 0, MOST_BLOCKS), attention.blocks())
                        .orElse(attention.blocks() - 1);
                HostTensor view = media.read(ticket, input -> attention.model().view(input));
                ticket.checkWanted();
                ViewAttention seen = ticket.times().during(Stage.MODEL, () -> attention.attend(view));
                BlockAttention block = seen.block(number);
                List<Rgb8Image> frames = attention.model().pictures(view);
                return new Row(
                        upload.name(),
                        model.name(),
                        number,
                        attention.blocks(),
                        block.windows() == 1,
                        sizes(block.queryGrid()),
                        sizes(block.keyGrid()),
                        Base64.getEncoder().encodeToString(Png.encode(frames.get(frames.size() / 2))),
                        maps(seen, block, parameters));
            });
            long values = row.maps().stream().mapToLong(map -> map.length).sum();
            return CompletableFuture.completedFuture(new Answer(List.of(row), 1, values * Float.BYTES));
        }
    }

    private static Optional<Integer> within(String name, Optional<Integer> given, int count) {
        if (given.isPresent() && given.get() >= count) {
            throw Refusal.of(400, "%s must be 0 to %d, got %d", name, count - 1, given.get());
        }
        return given;
    }

    private static List<Integer> sizes(TokenGrid grid) {
        return List.of(grid.steps(), grid.rows(), grid.columns());
    }

    private static List<float[]> maps(ViewAttention seen, BlockAttention block, Parameters parameters) {
        int head = within("head", parameters.integer("head", 0, MOST_BLOCKS), block.heads())
                .orElse(BlockAttention.MEAN);
        Optional<ViewAttention.Pixel> pixel = pixel(parameters);
        if (pixel.isPresent()) {
            return List.of(joined(block.from(head, seen.queryAt(block, pixel.get()))));
        }
        TokenGrid queries = block.queryGrid();
        int keys = block.keyGrid().tokens();
        if ((long) queries.tokens() * keys > MOST_VALUES) {
            throw Refusal.of(
                    400,
                    "block %d has %d queries over %d positions: give x and y for the map of one query",
                    block.block(),
                    queries.tokens(),
                    keys);
        }
        List<float[]> maps = new ArrayList<>();
        for (int place = 0; place < queries.tokens(); place++) {
            int column = place % queries.columns();
            int row = place / queries.columns() % queries.rows();
            int step = place / queries.columns() / queries.rows();
            maps.add(joined(block.from(head, queries.tokenAt(step, row, column))));
        }
        return maps;
    }

    /** Concatenates the steps in time, rounded to the precision of a picture. */
    private static float[] joined(List<Grid> steps) {
        int area = steps.get(0).values().length;
        float[] values = new float[steps.size() * area];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.round(1e5 * steps.get(i / area).values()[i % area]) / 1e5f;
        }
        return values;
    }
}
