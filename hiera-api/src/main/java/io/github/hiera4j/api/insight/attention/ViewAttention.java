package io.github.hiera4j.api.insight.attention;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.insight.picture.Grid;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The attention of every block for one view. Immutable. */
public final class ViewAttention {
    private final List<BlockAttention> blocks;
    private final int frames;
    private final int height;
    private final int width;

    ViewAttention(List<BlockAttention> blocks, int frames, int height, int width) {
        this.blocks = List.copyOf(blocks);
        this.frames = frames;
        this.height = height;
        this.width = width;
    }

    /**
     * A pixel of a view.
     *
     * @param x from the left, from 0
     * @param y from the top, from 0
     * @param frame from 0; null for the middle one
     */
    public record Pixel(int x, int y, @Nullable Integer frame) {}

    /**
     * Returns the attention of one block.
     *
     * @param number from 0
     * @return its attention
     */
    public BlockAttention block(int number) {
        check(number >= 0 && number < blocks.size(), "the model has blocks 0 to %d, got %d", blocks.size() - 1, number);
        return blocks.get(number);
    }

    /** {@return the number of blocks} */
    public int blocks() {
        return blocks.size();
    }

    /**
     * Returns the query of a block whose patch contains a pixel.
     *
     * @param block its attention
     * @param pixel of the view
     * @return the query's number, unrolled
     */
    public int queryAt(BlockAttention block, Pixel pixel) {
        return tokenAt(block.queryGrid(), pixel);
    }

    private int tokenAt(TokenGrid grid, Pixel pixel) {
        Integer given = pixel.frame();
        int frame = given == null ? frames / 2 : given;
        check(
                pixel.x() >= 0
                        && pixel.x() < width
                        && pixel.y() >= 0
                        && pixel.y() < height
                        && frame >= 0
                        && frame < frames,
                "the model sees %d x %d pixels and %d frame(s), counted from 0: there is no pixel %d,%d in frame %d",
                width,
                height,
                frames,
                pixel.x(),
                pixel.y(),
                frame);
        return grid.tokenAt(
                (int) ((long) frame * grid.steps() / frames), (int) ((long) pixel.y() * grid.rows() / height), (int)
                        ((long) pixel.x() * grid.columns() / width));
    }

    /**
     * Computes the attention rollout over all blocks (Abnar and Zuidema, "Quantifying Attention Flow in Transformers", 2020): the
     * contribution of each patch of the image to a final token, or to the mean over all of them. Each block passes on one half through
     * its attention (the mean of its heads) and one half through its skip connection; if queries are pooled, the skip connection
     * distributes its half evenly over the pooled tokens.
     *
     * @param pixel selects the final token that contains it; null for the mean over all final tokens, the input of the head
     * @return fractions in image order, one grid per step in time, their sum 1
     */
    public List<Grid> rollout(@Nullable Pixel pixel) {
        BlockAttention last = blocks.get(blocks.size() - 1);
        double[] weights = new double[last.queries()];
        if (pixel == null) {
            Arrays.fill(weights, 1.0 / weights.length);
        } else {
            weights[queryAt(last, pixel)] = 1;
        }
        for (int number = blocks.size() - 1; number >= 0; number--) {
            BlockAttention block = blocks.get(number);
            double[] attended = block.received(BlockAttention.MEAN, weights);
            double[] skipped = block.skipped(weights);
            double[] before = new double[attended.length];
            Arrays.setAll(before, token -> (attended[token] + skipped[token]) / 2);
            weights = before;
        }
        return blocks.get(0).keyGrid().grids(weights);
    }
}
