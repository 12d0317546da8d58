package io.github.hiera4j.spark;

import io.github.hiera4j.api.segment.AutomaticSettings;
import io.github.hiera4j.spark.executor.MediaTask;
import io.github.hiera4j.spark.executor.ModelSpec;
import io.github.hiera4j.spark.executor.SegmentationTask;
import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Adds the masks of everything in each image, best first, with a SAM 2 model: {@code array<struct<segmentation, bbox, area,
 * predicted_iou, stability_score, object_score>>}, named as in COCO files of SAM's automatic generator.
 */
public final class SegmentationTransformer extends MediaTransformer<SegmentationTransformer> {
    private static final long serialVersionUID = 1;

    private final IntParam pointsPerSide;
    private final DoubleParam minQuality;
    private final DoubleParam minStability;
    private final DoubleParam maxOverlap;
    private final IntParam cropLayers;
    private final IntParam minRegion;

    /** Creates a transformer with the default parameters. */
    public SegmentationTransformer() {
        this(newUid("SegmentationTransformer"));
    }

    /**
     * Creates a transformer with a given name.
     *
     * @param uid the unique name
     */
    public SegmentationTransformer(String uid) {
        super(uid, "masks");
        pointsPerSide = new IntParam(
                uid,
                "pointsPerSide",
                "the points along each side of the grid of prompts, 1 to 128",
                ParamValidators.inRange(1, 128));
        minQuality = new DoubleParam(
                uid, "minQuality", "the predicted IoU that masks exceed", ParamValidators.inRange(0, 1));
        minStability =
                new DoubleParam(uid, "minStability", "the smallest stability of a mask", ParamValidators.inRange(0, 1));
        maxOverlap = new DoubleParam(
                uid,
                "maxOverlap",
                "the largest overlap (IoU) of the boxes of two masks",
                ParamValidators.inRange(0, 1));
        cropLayers = new IntParam(
                uid, "cropLayers", "the layers of crops that are also searched, 0 to 4", ParamValidators.inRange(0, 4));
        minRegion = new IntParam(
                uid,
                "minRegion",
                "the pixels of the smallest hole or island that is kept; 0: all",
                ParamValidators.gtEq(0));
        setDefault(pointsPerSide, 32);
        setDefault(minQuality, 0.8);
        setDefault(minStability, 0.95);
        setDefault(maxOverlap, 0.7);
        setDefault(cropLayers, 0);
        setDefault(minRegion, 0);
    }

    /**
     * Reads a saved transformer.
     *
     * @param path the path where it was saved
     * @return the transformer
     */
    public static SegmentationTransformer load(String path) {
        return read().load(path);
    }

    /** {@return the reader of saved transformers} */
    public static MLReader<SegmentationTransformer> read() {
        return new DefaultParamsReader<>();
    }

    @Override
    SegmentationTransformer self() {
        return this;
    }

    @Override
    MediaTask task() {
        AutomaticSettings usual = AutomaticSettings.DEFAULT;
        return new SegmentationTask(
                ModelSpec.segmenter(getWeights(), engineSettings()),
                new SegmentationTask.Search(
                        getPointsPerSide(),
                        getMinQuality(),
                        getMinStability(),
                        getMaxOverlap(),
                        getCropLayers(),
                        usual.cropOverlap(),
                        usual.cropPointsDivisor(),
                        getMinRegion()));
    }

    @Override
    List<StructField> results() {
        task().spec().readSegmenter(files());
        return List.of(new StructField(
                getOutputCol(), DataTypes.createArrayType(SegmentationTask.TYPE, false), true, noMetadata()));
    }

    /** {@return the parameter of {@link #getPointsPerSide}} */
    public final IntParam pointsPerSide() {
        return pointsPerSide;
    }

    /** {@return the points along each side of the grid of prompts, 1 to 128} */
    public final int getPointsPerSide() {
        return (int) getOrDefault(pointsPerSide);
    }

    /**
     * Sets the points along each side of the grid of prompts, 1 to 128.
     *
     * @param value the points along each side of the grid of prompts, 1 to 128
     * @return this transformer
     */
    public final SegmentationTransformer setPointsPerSide(int value) {
        set(pointsPerSide, value);
        return this;
    }

    /** {@return the parameter of {@link #getMinQuality}} */
    public final DoubleParam minQuality() {
        return minQuality;
    }

    /** {@return the predicted IoU that masks exceed} */
    public final double getMinQuality() {
        return (double) getOrDefault(minQuality);
    }

    /**
     * Sets the predicted IoU that masks exceed.
     *
     * @param value the predicted IoU that masks exceed
     * @return this transformer
     */
    public final SegmentationTransformer setMinQuality(double value) {
        set(minQuality, value);
        return this;
    }

    /** {@return the parameter of {@link #getMinStability}} */
    public final DoubleParam minStability() {
        return minStability;
    }

    /** {@return the smallest stability of a mask} */
    public final double getMinStability() {
        return (double) getOrDefault(minStability);
    }

    /**
     * Sets the smallest stability of a mask.
     *
     * @param value the smallest stability of a mask
     * @return this transformer
     */
    public final SegmentationTransformer setMinStability(double value) {
        set(minStability, value);
        return this;
    }

    /** {@return the parameter of {@link #getMaxOverlap}} */
    public final DoubleParam maxOverlap() {
        return maxOverlap;
    }

    /** {@return the largest overlap (IoU) of the boxes of two masks} */
    public final double getMaxOverlap() {
        return (double) getOrDefault(maxOverlap);
    }

    /**
     * Sets the largest overlap (IoU) of the boxes of two masks.
     *
     * @param value the largest overlap (IoU) of the boxes of two masks
     * @return this transformer
     */
    public final SegmentationTransformer setMaxOverlap(double value) {
        set(maxOverlap, value);
        return this;
    }

    /** {@return the parameter of {@link #getCropLayers}} */
    public final IntParam cropLayers() {
        return cropLayers;
    }

    /** {@return the layers of crops that are also searched, 0 to 4} */
    public final int getCropLayers() {
        return (int) getOrDefault(cropLayers);
    }

    /**
     * Sets the layers of crops that are also searched, 0 to 4.
     *
     * @param value the layers of crops that are also searched, 0 to 4
     * @return this transformer
     */
    public final SegmentationTransformer setCropLayers(int value) {
        set(cropLayers, value);
        return this;
    }

    /** {@return the parameter of {@link #getMinRegion}} */
    public final IntParam minRegion() {
        return minRegion;
    }

    /** {@return the pixels of the smallest hole or island that is kept; 0: all} */
    public final int getMinRegion() {
        return (int) getOrDefault(minRegion);
    }

    /**
     * Sets the pixels of the smallest hole or island that is kept; 0: all.
     *
     * @param value the pixels of the smallest hole or island that is kept; 0: all
     * @return this transformer
     */
    public final SegmentationTransformer setMinRegion(int value) {
        set(minRegion, value);
        return this;
    }
}
