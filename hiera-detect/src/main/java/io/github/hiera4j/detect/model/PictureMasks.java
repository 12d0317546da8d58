package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.MaskPaste;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.model.mask.RunLengthMask;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Converts detections from the network's pixels to those of the image. */
public final class PictureMasks {
    /** Minimum probability of a pixel that belongs to an object. */
    private static final double THRESHOLD = .5;

    private PictureMasks() {}

    /**
     * Detections in pixels of the image.
     *
     * @param detections boxes, scores and classes
     * @param masks one mask per detection, with the size of the image
     */
    public record Result(RawDetections detections, List<RunLengthMask> masks) {}

    /**
     * Scales boxes and pastes masks.
     *
     * @param config the settings of the detector
     * @param detections the detections in pixels of the network's input
     * @param resized the size of the image inside the network's input
     * @param picture the size of the image
     * @return the detections in pixels of the image
     */
    public static Result of(
            MaskRcnnConfig config,
            RawDetections detections,
            MaskRcnnInference.Extent resized,
            MaskRcnnInference.Extent picture) {
        Boxes scaled = detections
                .boxes()
                .scale((double) picture.width() / resized.width(), (double) picture.height() / resized.height());
        Boxes boxes = config.output().clipped() ? scaled.clip(picture.height(), picture.width()) : scaled;
        int[] kept = IntStream.range(0, boxes.size())
                .filter(i -> !config.output().clipped() || !boxes.isEmpty(i))
                .toArray();
        RawDetections placed =
                new RawDetections(boxes, detections.scores(), detections.classes(), detections.masks()).select(kept);
        List<RunLengthMask> masks = new ArrayList<>();
        int side = config.heads().maskSize();
        for (int i = 0; i < placed.masks().length; i++) {
            masks.add(
                    config.output().exactPaste()
                            ? MaskPaste.paste(
                                    placed.masks()[i],
                                    side,
                                    placed.boxes(),
                                    i,
                                    picture.height(),
                                    picture.width(),
                                    THRESHOLD)
                            : MaskPaste.pasteResized(
                                    placed.masks()[i],
                                    side,
                                    placed.boxes(),
                                    i,
                                    picture.height(),
                                    picture.width(),
                                    THRESHOLD));
        }
        return new Result(placed, List.copyOf(masks));
    }
}
