package io.github.hiera4j.spark;

import io.github.hiera4j.spark.executor.DetectionTask;
import io.github.hiera4j.spark.executor.MediaTask;
import io.github.hiera4j.spark.executor.ModelSpec;
import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Adds the objects in each image, best first, with a Mask R-CNN on Hiera: {@code array<struct<label, category_id, score, box,
 * segmentation>>}; boxes are {@code [x1, y1, x2, y2]} in pixels, masks are COCO's compressed run lengths. The column's metadata names the
 * classes.
 */
public final class DetectionTransformer extends MediaTransformer<DetectionTransformer> {
    private static final long serialVersionUID = 1;

    private final DoubleParam threshold;

    /** Creates a transformer with the default parameters. */
    public DetectionTransformer() {
        this(newUid("DetectionTransformer"));
    }

    /**
     * Creates a transformer with a given name.
     *
     * @param uid the unique name
     */
    public DetectionTransformer(String uid) {
        super(uid, "detections");
        threshold = new DoubleParam(
                uid, "threshold", "the score that detections exceed, 0 to 1", ParamValidators.inRange(0, 1));
        setDefault(threshold, 0.5);
    }

    /**
     * Reads a saved transformer.
     *
     * @param path the path where it was saved
     * @return the transformer
     */
    public static DetectionTransformer load(String path) {
        return read().load(path);
    }

    /** {@return the reader of saved transformers} */
    public static MLReader<DetectionTransformer> read() {
        return new DefaultParamsReader<>();
    }

    @Override
    DetectionTransformer self() {
        return this;
    }

    @Override
    MediaTask task() {
        return new DetectionTask(ModelSpec.detector(getWeights(), engineSettings(), getThreshold()), getBatchSize());
    }

    @Override
    List<StructField> results() {
        return List.of(new StructField(
                getOutputCol(),
                DataTypes.createArrayType(DetectionTask.TYPE, false),
                true,
                labelMetadata(task().spec().readDetectorClasses(files()))));
    }

    /** {@return the parameter of {@link #getThreshold}} */
    public final DoubleParam threshold() {
        return threshold;
    }

    /** {@return the score that detections exceed, 0 to 1} */
    public final double getThreshold() {
        return (double) getOrDefault(threshold);
    }

    /**
     * Sets the score that detections exceed, 0 to 1.
     *
     * @param value the score that detections exceed, 0 to 1
     * @return this transformer
     */
    public final DetectionTransformer setThreshold(double value) {
        set(threshold, value);
        return this;
    }
}
