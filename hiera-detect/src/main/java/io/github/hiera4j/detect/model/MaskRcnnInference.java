package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.Trunk;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Computes detections, in input pixels of the network. Thread-safe if the network is. */
public final class MaskRcnnInference {
    /** Boxes per run of the heads, descending: few different sizes, because some engines compile a plan for each size. */
    private static final int[] CHUNKS = {256, 64, 16};

    private final MaskRcnnConfig config;
    private final Proposals proposals;
    private final DetectionChoice choice;

    /**
     * Creates the inference code that runs between the networks.
     *
     * @param config the settings of the detector
     */
    public MaskRcnnInference(MaskRcnnConfig config) {
        this.config = config;
        this.proposals = new Proposals(config);
        this.choice = new DetectionChoice(config);
    }

    /** The size of an image in a batch without its padding, in pixels. */
    public record Extent(int height, int width) {}

    /**
     * Detects objects.
     *
     * @param network the detector's networks on an engine
     * @param pixels {@code [B, 3, H, W]}, normalised, padded with zeros
     * @param pictures sizes without padding, one per image in the batch
     * @return the detections of each image
     */
    public List<RawDetections> run(DetectionNetwork network, HostTensor pixels, List<Extent> pictures) {
        Map<String, HostTensor> outputs = network.pyramid(pixels);
        List<RawDetections> detections = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            Extent extent = pictures.get(i);
            ScoredBoxes found = proposals.select(outputs, i, extent.height(), extent.width(), false);
            detections.add(detect(network, levels(outputs, i), found.boxes(), extent));
        }
        return detections;
    }

    /**
     * Returns p2 to p5 of one image in a batch.
     *
     * @param outputs the outputs of the pyramid's graph, by name
     * @param picture the image in the batch, from 0
     * @return the maps by name
     */
    public static Map<String, HostTensor> levels(Map<String, HostTensor> outputs, int picture) {
        Map<String, HostTensor> levels = new LinkedHashMap<>();
        for (int level = 0; level < Trunk.STAGES; level++) {
            HostTensor map =
                    Objects.requireNonNull(outputs.get(MaskRcnn.pyramid(level))).slice(picture);
            int[] sizes = map.shape().sizes();
            levels.put(MaskRcnn.pyramid(level), map.reshape(Shape.of(1, sizes[0], sizes[1], sizes[2])));
        }
        return levels;
    }

    private RawDetections detect(DetectionNetwork network, Map<String, HostTensor> levels, Boxes boxes, Extent extent) {
        List<String> outputs = List.of(MaskRcnn.CLASS_LOGITS, MaskRcnn.BOX_DELTAS);
        Map<String, double[]> scores = heads(network, levels, boxes, outputs);
        RawDetections found = choice.select(
                Objects.requireNonNull(scores.get(MaskRcnn.CLASS_LOGITS)),
                Objects.requireNonNull(scores.get(MaskRcnn.BOX_DELTAS)),
                boxes,
                extent.height(),
                extent.width());
        return found.withMasks(masks(network, levels, found));
    }

    /** Returns mask probabilities for each detection's class. */
    private double[][] masks(DetectionNetwork network, Map<String, HostTensor> levels, RawDetections found) {
        Map<String, double[]> results = heads(network, levels, found.boxes(), List.of(MaskRcnn.MASK_LOGITS));
        double[] logits = Objects.requireNonNull(results.get(MaskRcnn.MASK_LOGITS));
        int pixels = config.heads().maskSize() * config.heads().maskSize();
        double[][] masks = new double[found.size()][pixels];
        for (int i = 0; i < masks.length; i++) {
            for (int pixel = 0; pixel < pixels; pixel++) {
                double logit = logits[(i * pixels + pixel) * config.classes() + found.classes()[i]];
                masks[i][pixel] = 1 / (1 + Math.exp(-logit));
            }
        }
        return masks;
    }

    /**
     * {@return the outputs of the heads for all boxes of an image, {@code [boxes, …]}, computed in chunks}
     *
     * @param network the detector's networks on an engine
     * @param levels the maps by name
     * @param boxes boxes in pixels
     * @param outputs names of the requested outputs
     */
    public Map<String, double[]> heads(
            DetectionNetwork network, Map<String, HostTensor> levels, Boxes boxes, List<String> outputs) {
        Map<String, double[]> results = new LinkedHashMap<>();
        outputs.forEach(name -> results.put(name, new double[boxes.size() * perBox(name)]));
        boolean wide = Objects.requireNonNull(levels.get(MaskRcnn.pyramid(0))).dtype() == DType.FLOAT64;
        for (int from = 0; from < boxes.size(); ) {
            int rows = rows(boxes.size() - from);
            int count = Math.min(rows, boxes.size() - from);
            Map<String, HostTensor> feeds = new LinkedHashMap<>(levels);
            feeds.put(
                    MaskRcnn.BOXES,
                    HeadBoxes.of(boxes, from, count, rows, config.heads().levels(), wide));
            Map<String, HostTensor> computed = network.heads(feeds, outputs);
            for (String name : outputs) {
                HostTensor part = Objects.requireNonNull(computed.get(name));
                double[] target = Objects.requireNonNull(results.get(name));
                for (int i = 0; i < count * perBox(name); i++) {
                    target[from * perBox(name) + i] = part.get(i);
                }
            }
            from += count;
        }
        return results;
    }

    /** Returns the largest chunk that the boxes fill, or the smallest: 100 boxes run as 64 and three chunks of 16, the last with 4. */
    private static int rows(int boxes) {
        for (int chunk : CHUNKS) {
            if (chunk <= boxes) {
                return chunk;
            }
        }
        return CHUNKS[CHUNKS.length - 1];
    }

    private int perBox(String output) {
        int side = config.heads().maskSize();
        return switch (output) {
            case MaskRcnn.CLASS_LOGITS -> config.classes() + 1;
            case MaskRcnn.BOX_DELTAS -> 4 * config.classes();
            default -> side * side * config.classes();
        };
    }
}
