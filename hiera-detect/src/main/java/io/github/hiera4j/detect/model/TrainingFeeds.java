package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.coco.Segmentation;
import io.github.hiera4j.detect.geometry.BoxDeltas;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.MaskTargets;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.MaskRcnnTraining;
import io.github.hiera4j.model.graph.RoiPlan;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts samples to the inputs of the training graph. Values are float64; engines round them. */
public final class TrainingFeeds {
    private final MaskRcnnTraining training;
    private final MaskRcnnConfig config;
    private final Boxes anchors;

    /**
     * Creates a converter for training passes.
     *
     * @param training the training graph
     * @param anchors the anchors of all levels
     */
    public TrainingFeeds(MaskRcnnTraining training, Boxes anchors) {
        this.training = training;
        this.config = training.config();
        this.anchors = anchors;
    }

    /**
     * {@return the inputs for anchors}
     *
     * @param samples the sampled anchors of each image
     * @param pictures the annotated objects of each image
     */
    public Map<String, HostTensor> anchors(List<AnchorSample> samples, List<GroundTruth> pictures) {
        int batch = training.batch();
        int sampled = training.anchorSamples();
        int positive = training.positiveSamples();
        long[] index = new long[batch * sampled];
        double[] labels = new double[batch * sampled];
        double[] weights = new double[batch * sampled];
        long[] positives = new long[batch * positive];
        double[] targets = new double[4 * batch * positive];
        double[] distances = new double[4 * batch * positive];
        int drawn = samples.stream()
                .mapToInt(sample -> sample.positives().length + sample.negatives().length)
                .sum();
        double weight = 1.0 / (config.proposals().perSample() ? Math.max(1, drawn) : sampled * batch);
        for (int picture = 0; picture < batch; picture++) {
            AnchorSample sample = samples.get(picture);
            int at = picture * sampled;
            for (int i : sample.positives()) {
                index[at] = i;
                labels[at] = 1;
                weights[at++] = weight;
            }
            for (int i : sample.negatives()) {
                index[at] = i;
                weights[at++] = weight;
            }
            Boxes wanted = pictures.get(picture).boxes().select(sample.truth());
            double[] deltas = BoxDeltas.PROPOSALS.encode(anchors.select(sample.positives()), wanted);
            System.arraycopy(deltas, 0, targets, 4 * picture * positive, deltas.length);
            Arrays.fill(distances, 4 * picture * positive, 4 * picture * positive + deltas.length, weight);
            for (int i = 0; i < sample.positives().length; i++) {
                positives[picture * positive + i] = sample.positives()[i];
            }
        }
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(MaskRcnnTraining.ANCHORS, HostTensor.of(Shape.of(batch, sampled), index));
        feeds.put(MaskRcnnTraining.ANCHOR_LABELS, HostTensor.of(Shape.of(batch, sampled, 1), labels));
        feeds.put(MaskRcnnTraining.ANCHOR_WEIGHTS, HostTensor.of(Shape.of(batch, sampled, 1), weights));
        feeds.put(MaskRcnnTraining.POSITIVES, HostTensor.of(Shape.of(batch, positive), positives));
        feeds.put(MaskRcnnTraining.POSITIVE_TARGETS, HostTensor.of(Shape.of(batch, positive, 4), targets));
        feeds.put(MaskRcnnTraining.POSITIVE_WEIGHTS, HostTensor.of(Shape.of(batch, positive, 4), distances));
        return feeds;
    }

    /**
     * {@return the inputs for the heads' boxes}
     *
     * @param samples the sampled boxes of each image
     * @param pictures the annotated objects of each image
     */
    public Map<String, HostTensor> heads(List<HeadSample> samples, List<GroundTruth> pictures) {
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        boxes(samples, pictures, feeds);
        masks(samples, pictures, feeds);
        return feeds;
    }

    private void boxes(List<HeadSample> samples, List<GroundTruth> pictures, Map<String, HostTensor> feeds) {
        int rows = training.boxRows();
        int classes = config.classes();
        double[] boxes = padding(rows);
        double[] targets = new double[rows * (classes + 1)];
        long[] own = new long[rows];
        double[] deltas = new double[4 * rows];
        double[] weights = new double[4 * rows];
        int drawn = Math.max(
                1, samples.stream().mapToInt(sample -> sample.boxes().size()).sum());
        int row = 0;
        for (int picture = 0; picture < samples.size(); picture++) {
            HeadSample sample = samples.get(picture);
            Boxes truths = pictures.get(picture).boxes();
            for (int i = 0; i < sample.boxes().size(); i++, row++) {
                HeadBoxes.write(
                        boxes, row, picture, sample.boxes(), i, config.heads().levels());
                targets[row * (classes + 1) + sample.classes()[i]] =
                        (double) rows / drawn; // the loss divides by the rows
                if (sample.classes()[i] < classes) {
                    own[row] = sample.classes()[i];
                    Boxes wanted = truths.select(sample.truth()[i]);
                    double[] delta =
                            config.heads().deltas().encode(sample.boxes().select(i), wanted);
                    System.arraycopy(delta, 0, deltas, 4 * row, 4);
                    Arrays.fill(weights, 4 * row, 4 * row + 4, 1.0 / drawn);
                }
            }
        }
        feeds.put(MaskRcnnTraining.BOXES, HostTensor.of(Shape.of(rows, RoiPlan.COLUMNS), boxes));
        feeds.put(MaskRcnnTraining.CLASS_TARGETS, HostTensor.of(Shape.of(rows, classes + 1), targets));
        feeds.put(MaskRcnnTraining.BOX_CLASSES, HostTensor.of(Shape.of(rows, 1), own));
        feeds.put(MaskRcnnTraining.BOX_TARGETS, HostTensor.of(Shape.of(rows, 1, 4), deltas));
        feeds.put(MaskRcnnTraining.BOX_WEIGHTS, HostTensor.of(Shape.of(rows, 1, 4), weights));
    }

    private void masks(List<HeadSample> samples, List<GroundTruth> pictures, Map<String, HostTensor> feeds) {
        int rows = training.maskRows();
        int pixels = config.heads().maskSize() * config.heads().maskSize();
        double[] boxes = padding(rows);
        long[] own = new long[rows];
        double[] targets = new double[rows * pixels];
        double[] weights = new double[rows * pixels];
        long positive = samples.stream()
                .flatMapToInt(sample -> Arrays.stream(sample.classes()))
                .filter(label -> label < config.classes())
                .count();
        int row = 0;
        for (int picture = 0; picture < samples.size(); picture++) {
            HeadSample sample = samples.get(picture);
            for (int i = 0; i < sample.boxes().size(); i++) {
                if (sample.classes()[i] < config.classes()) {
                    HeadBoxes.write(
                            boxes,
                            row,
                            picture,
                            sample.boxes(),
                            i,
                            config.heads().levels());
                    own[row] = sample.classes()[i];
                    double[] target = target(pictures.get(picture).shapes().get(sample.truth()[i]), sample.boxes(), i);
                    System.arraycopy(target, 0, targets, row * pixels, pixels);
                    Arrays.fill(weights, row * pixels, (row + 1) * pixels, 1.0 / (positive * pixels));
                    row++;
                }
            }
        }
        feeds.put(MaskRcnnTraining.MASK_BOXES, HostTensor.of(Shape.of(rows, RoiPlan.COLUMNS), boxes));
        feeds.put(MaskRcnnTraining.MASK_CLASSES, HostTensor.of(Shape.of(rows, 1), own));
        feeds.put(MaskRcnnTraining.MASK_TARGETS, HostTensor.of(Shape.of(rows, 1, pixels), targets));
        feeds.put(MaskRcnnTraining.MASK_WEIGHTS, HostTensor.of(Shape.of(rows, 1, pixels), weights));
    }

    /** Returns the mask target of a box: the shape of its object inside the box. */
    private double[] target(Segmentation shape, Boxes boxes, int i) {
        int side = config.heads().maskSize();
        if (config.heads().softTargets()) {
            return MaskTargets.soft(shape.mask(heightOf(shape, boxes, i), widthOf(shape, boxes, i)), boxes, i, side);
        }
        byte[] pixels = (shape instanceof Segmentation.Polygons polygons
                        ? MaskTargets.ofPolygons(polygons.parts(), boxes, i, side)
                        : MaskTargets.ofBitmap(((Segmentation.Bitmap) shape).runs(), boxes, i, side))
                .pixels();
        double[] target = new double[pixels.length];
        for (int pixel = 0; pixel < target.length; pixel++) {
            target[pixel] = pixels[pixel];
        }
        return target;
    }

    /** Returns the height of a polygon's bitmap that contains the box. */
    private static int heightOf(Segmentation shape, Boxes boxes, int i) {
        return shape instanceof Segmentation.Bitmap bitmap
                ? bitmap.runs().height()
                : (int) Math.max(1, Math.ceil(boxes.y2(i)) + 1);
    }

    private static int widthOf(Segmentation shape, Boxes boxes, int i) {
        return shape instanceof Segmentation.Bitmap bitmap
                ? bitmap.runs().width()
                : (int) Math.max(1, Math.ceil(boxes.x2(i)) + 1);
    }

    /** Returns padding rows: boxes of one pixel in the top left corner. */
    private static double[] padding(int rows) {
        double[] boxes = new double[rows * RoiPlan.COLUMNS];
        for (int row = 0; row < rows; row++) {
            boxes[row * RoiPlan.COLUMNS + 4] = 1;
            boxes[row * RoiPlan.COLUMNS + 5] = 1;
        }
        return boxes;
    }
}
