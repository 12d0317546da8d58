package io.github.hiera4j.api.segment;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.mask.RunLengthMask;
import io.github.hiera4j.model.sam.DecodedMasks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** {@link HieraSegmenter#segmentEverything}: crops, grids of points, and the filters that keep good and distinct masks. */
final class AutomaticMasks {
    private static final int BATCH = 16;

    /** A mask whose box ends within this distance of a crop's edge, in pixels, is probably cut off by it. */
    private static final double EDGE_DISTANCE = 20;

    private final HieraSegmenter segmenter;
    private final AutomaticSettings settings;

    AutomaticMasks(HieraSegmenter segmenter, AutomaticSettings settings) {
        this.segmenter = segmenter;
        this.settings = settings;
    }

    /** A mask with the crop it was found in. */
    private record Found(Mask mask, double[] box, CropBox crop) {}

    List<Mask> run(Rgb8Image image) {
        List<Found> found = new ArrayList<>();
        List<CropBox> crops = CropBox.layers(image.height(), image.width(), settings);
        for (CropBox crop : crops) {
            List<Found> inCrop = inCrop(image, crop);
            inCrop.sort(Comparator.comparingDouble((Found each) -> -each.mask.quality()));
            found.addAll(distinct(inCrop));
        }
        if (crops.size() > 1) { // masks of smaller crops are finer
            found.sort(Comparator.comparingDouble((Found each) -> each.crop.area()));
            found = distinct(found);
        }
        return cleaned(found);
    }

    private List<Found> inCrop(Rgb8Image image, CropBox crop) {
        EmbeddedImage embedded = segmenter.embed(crop.cut(image));
        MaskTracer tracer = new MaskTracer(segmenter.config().maskSize(), crop.height(), crop.width());
        List<Prompt> grid = grid(crop);
        List<Found> found = new ArrayList<>();
        for (int first = 0; first < grid.size(); first += BATCH) {
            List<Prompt> batch = grid.subList(first, Math.min(grid.size(), first + BATCH));
            DecodedMasks decoded = segmenter.decode(embedded, batch);
            for (int object = 0; object < batch.size(); object++) {
                addGood(decoded, object, tracer, crop, image, found);
            }
        }
        return found;
    }

    private List<Prompt> grid(CropBox crop) {
        int points = settings.pointsOf(crop.layer());
        List<Prompt> grid = new ArrayList<>();
        for (int row = 0; row < points; row++) {
            for (int column = 0; column < points; column++) {
                grid.add(Prompt.point((column + 0.5) / points * crop.width(), (row + 0.5) / points * crop.height()));
            }
        }
        return grid;
    }

    /** Adds the good masks. Quality is tested first, because it is cheap and tracing is not. */
    private void addGood(
            DecodedMasks decoded, int object, MaskTracer tracer, CropBox crop, Rgb8Image image, List<Found> found) {
        float[] quality = decoded.qualityOf(object);
        for (int index = 1; index < quality.length; index++) {
            if (quality[index] <= settings.leastQuality()) {
                continue;
            }
            Mask mask = HieraSegmenter.mask(decoded, object, index, tracer);
            if (mask.stability() < settings.leastStability() || mask.area() == 0) {
                continue;
            }
            double[] box = crop.toImage(mask.boundingBox());
            if (!crop.cuts(box, image.height(), image.width(), EDGE_DISTANCE)) {
                RunLengthMask whole = crop.toImage(mask.runs(), image.height(), image.width());
                found.add(new Found(mask.withRuns(whole), box, crop));
            }
        }
    }

    /** Keeps only the first of masks whose boxes overlap too much. */
    private List<Found> distinct(List<Found> ordered) {
        List<Found> kept = new ArrayList<>();
        for (Found candidate : ordered) {
            boolean isNew = kept.stream().allMatch(other -> overlap(candidate.box, other.box) <= settings.overlap());
            if (isNew) {
                kept.add(candidate);
            }
        }
        return kept;
    }

    /** Returns the intersection over union of two boxes x, y, width, height. */
    static double overlap(double[] a, double[] b) {
        double width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
        double height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
        if (width <= 0 || height <= 0) {
            return 0;
        }
        double both = width * height;
        return both / (a[2] * a[3] + b[2] * b[3] - both);
    }

    /** Fills small holes and removes small islands; of masks that become similar, only one is kept, preferably an unchanged one. */
    private List<Mask> cleaned(List<Found> found) {
        if (settings.leastRegion() == 0) {
            return found.stream().map(Found::mask).toList();
        }
        List<Found> unchanged = new ArrayList<>();
        List<Found> changed = new ArrayList<>();
        for (Found each : found) {
            RunLengthMask runs = each.mask.runs();
            RunLengthMask clean = SmallRegions.removed(runs, settings.leastRegion());
            Mask mask = each.mask.withRuns(clean);
            (clean.equals(runs) ? unchanged : changed).add(new Found(mask, mask.boundingBox(), each.crop));
        }
        unchanged.addAll(changed);
        return distinct(unchanged).stream().map(Found::mask).toList();
    }
}
