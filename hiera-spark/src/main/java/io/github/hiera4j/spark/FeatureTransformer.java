package io.github.hiera4j.spark;

import io.github.hiera4j.spark.executor.FeatureTask;
import io.github.hiera4j.spark.executor.MediaTask;
import io.github.hiera4j.spark.executor.ModelSpec;
import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Adds the feature maps of the stages for each image or video, in spatial order:
 * {@code array<struct<stage, axes, shape, values>>}.
 */
public final class FeatureTransformer extends EncoderTransformer<FeatureTransformer> {
    private static final long serialVersionUID = 1;

    private final IntParam stage;

    /** Creates a transformer with the default parameters. */
    public FeatureTransformer() {
        this(newUid("FeatureTransformer"));
    }

    /**
     * Creates a transformer with a given name.
     *
     * @param uid the unique name
     */
    public FeatureTransformer(String uid) {
        super(uid, "features");
        stage = new IntParam(
                uid, "stage", "the stage whose map is kept, from 1; 0: all stages", ParamValidators.gtEq(0));
        setDefault(stage, 0);
    }

    /**
     * Reads a saved transformer.
     *
     * @param path the path where it was saved
     * @return the transformer
     */
    public static FeatureTransformer load(String path) {
        return read().load(path);
    }

    /** {@return the reader of saved transformers} */
    public static MLReader<FeatureTransformer> read() {
        return new DefaultParamsReader<>();
    }

    @Override
    FeatureTransformer self() {
        return this;
    }

    @Override
    MediaTask task() {
        return new FeatureTask(
                ModelSpec.encoder(getWeights(), engineSettings(), encoderSettings()), viewSettings(), getStage());
    }

    @Override
    List<StructField> results() {
        task().spec().checkStage(files(), getStage());
        return List.of(new StructField(
                getOutputCol(), DataTypes.createArrayType(FeatureTask.TYPE, false), true, noMetadata()));
    }

    /** {@return the parameter of {@link #getStage}} */
    public final IntParam stage() {
        return stage;
    }

    /** {@return the stage whose map is kept, from 1; 0: all stages} */
    public final int getStage() {
        return (int) getOrDefault(stage);
    }

    /**
     * Sets the stage whose map is kept, from 1; 0: all stages.
     *
     * @param value the stage whose map is kept, from 1; 0: all stages
     * @return this transformer
     */
    public final FeatureTransformer setStage(int value) {
        set(stage, value);
        return this;
    }
}
