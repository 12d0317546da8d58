package io.github.hiera4j.detect.geometry;

import static io.github.hiera4j.model.Check.check;

/**
 * The regression target of a box: shifts of its centre in units of the source's size, and logarithms of the ratios of sizes,
 * each multiplied by a weight.
 *
 * @param weightX weight of the horizontal shift; 1 for proposals, 10 for the box head
 * @param weightY weight of the vertical shift
 * @param weightWidth weight of the width's logarithm; 1 for proposals, 5 for the box head
 * @param weightHeight weight of the height's logarithm
 */
public record BoxDeltas(double weightX, double weightY, double weightWidth, double weightHeight) {
    /** Weights of region proposals. */
    public static final BoxDeltas PROPOSALS = new BoxDeltas(1, 1, 1, 1);

    /** Weights of the box head. */
    public static final BoxDeltas BOX_HEAD = new BoxDeltas(10, 10, 5, 5);

    /** The largest logarithm that is decoded: boxes grow at most from 16 to 1000 pixels. */
    public static final double LARGEST_LOGARITHM = Math.log(1000.0 / 16);

    /**
     * {@return the deltas that transform each source to the target at the same index: {@code [n * 4]} as dx, dy, dw, dh}
     *
     * @param sources the boxes to transform: anchors or proposals
     * @param targets the resulting boxes: the objects
     */
    public double[] encode(Boxes sources, Boxes targets) {
        check(
                sources.size() == targets.size(),
                "expected as many targets as sources, got %d and %d",
                targets.size(),
                sources.size());
        double[] deltas = new double[4 * sources.size()];
        for (int i = 0; i < sources.size(); i++) {
            double width = sources.width(i);
            double height = sources.height(i);
            double targetWidth = targets.width(i);
            double targetHeight = targets.height(i);
            double shiftX = targets.x1(i) + .5 * targetWidth - (sources.x1(i) + .5 * width);
            double shiftY = targets.y1(i) + .5 * targetHeight - (sources.y1(i) + .5 * height);
            deltas[4 * i] = weightX * shiftX / width;
            deltas[4 * i + 1] = weightY * shiftY / height;
            deltas[4 * i + 2] = weightWidth * Math.log(targetWidth / width);
            deltas[4 * i + 3] = weightHeight * Math.log(targetHeight / height);
        }
        return deltas;
    }

    /**
     * {@return the boxes that result from applying deltas}
     *
     * @param deltas {@code [n * 4]} as dx, dy, dw, dh; dw and dh are limited above by {@link #LARGEST_LOGARITHM}
     * @param sources n boxes
     */
    public Boxes decode(double[] deltas, Boxes sources) {
        check(
                deltas.length == 4 * sources.size(),
                "expected four deltas per box, got %d for %d boxes",
                deltas.length,
                sources.size());
        double[] corners = new double[deltas.length];
        for (int i = 0; i < sources.size(); i++) {
            decode(deltas, 4 * i, sources, i, corners, 4 * i);
        }
        return Boxes.of(corners);
    }

    private void decode(double[] deltas, int from, Boxes sources, int source, double[] corners, int to) {
        double width = sources.width(source);
        double height = sources.height(source);
        double centreX = deltas[from] / weightX * width + sources.x1(source) + .5 * width;
        double centreY = deltas[from + 1] / weightY * height + sources.y1(source) + .5 * height;
        double halfWidth = .5 * width * Math.exp(Math.min(deltas[from + 2] / weightWidth, LARGEST_LOGARITHM));
        double halfHeight = .5 * height * Math.exp(Math.min(deltas[from + 3] / weightHeight, LARGEST_LOGARITHM));
        corners[to] = centreX - halfWidth;
        corners[to + 1] = centreY - halfHeight;
        corners[to + 2] = centreX + halfWidth;
        corners[to + 3] = centreY + halfHeight;
    }
}
