package io.github.hiera4j.api.insight.reconstruct;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.HieraConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The choice of the masked units.
 *
 * @param ratio fraction of the units that are masked, above 0 and below 1; null for the model's own, 0.6 for images and 0.9 for video
 * @param seed of the first mask; each further one has the next seed
 * @param masks number of masks, 1 to {@value #MOST}
 * @param picture its light parts are masked, in every frame; null for random masks
 */
public record MaskChoice(
        @Nullable Double ratio,
        long seed,
        int masks,
        @Nullable Rgb8Image picture) {
    /** Maximum number of masks of one input. */
    public static final int MOST = 100;

    /** One random mask with the model's own ratio. */
    public static final MaskChoice DEFAULT = new MaskChoice(null, 0, 1, null);

    /**
     * Checks the settings.
     *
     * @param ratio fraction of the units that are masked
     * @param seed of the first mask
     * @param masks number of masks
     * @param picture its light parts are masked
     */
    public MaskChoice {
        if (ratio != null) {
            check(ratio > 0 && ratio < 1, "the mask ratio must lie between 0 and 1, got %s", ratio);
        }
        check(masks >= 1 && masks <= MOST, "1 to %d masks can be drawn, got %d", MOST, masks);
        check(picture == null || masks == 1, "a mask from a picture is one mask, got %d", masks);
        check(picture == null || ratio == null, "a mask from a picture has its own ratio");
    }

    /** Returns the masks for a model. */
    List<MaskUnits> masksFor(MaeConfig config) {
        if (picture != null) {
            return List.of(ofPicture(config.encoder(), picture));
        }
        double share = ratio == null ? config.defaultMaskRatio() : ratio;
        List<MaskUnits> drawn = new ArrayList<>();
        for (int mask = 0; mask < masks; mask++) {
            drawn.add(MaskUnits.random(config, 1, share, new SplittableRandom(seed + mask)));
        }
        return drawn;
    }

    private static MaskUnits ofPicture(HieraConfig encoder, Rgb8Image picture) {
        List<Integer> grid = encoder.unitGrid();
        int axes = grid.size();
        int rows = grid.get(axes - 2);
        int columns = grid.get(axes - 1);
        List<Integer> visible = new ArrayList<>();
        for (int unit = 0; unit < Axes.product(grid); unit++) {
            if (lightness(picture, unit / columns % rows, unit % columns, rows, columns) < 128) {
                visible.add(unit);
            }
        }
        int units = Axes.product(grid);
        check(
                !visible.isEmpty() && visible.size() < units,
                "the picture of the mask hides %s of the model's %d x %d mask units: dark parts stay visible, light parts"
                        + " are hidden, and both are needed",
                visible.isEmpty() ? "all" : "none",
                rows,
                columns);
        return new MaskUnits(units, List.of(visible));
    }

    /** Returns the mean of the samples over a unit's part of the picture, 0 to 255. */
    private static double lightness(Rgb8Image picture, int row, int column, int rows, int columns) {
        int top = (int) ((long) row * picture.height() / rows);
        int bottom = Math.max(top + 1, (int) ((row + 1L) * picture.height() / rows));
        int left = (int) ((long) column * picture.width() / columns);
        int right = Math.max(left + 1, (int) ((column + 1L) * picture.width() / columns));
        double sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                sum += picture.sample(x, y, 0) + picture.sample(x, y, 1) + picture.sample(x, y, 2);
            }
        }
        return sum / (3.0 * (bottom - top) * (right - left));
    }
}
