package io.github.hiera4j.spark;

import io.github.hiera4j.spark.executor.EmbeddingTask;
import io.github.hiera4j.spark.executor.MediaTask;
import io.github.hiera4j.spark.executor.ModelSpec;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Adds the embedding of each image or video: the pooled and normalised feature vector, {@code array<float>}.
 *
 * <pre>{@code
 * Dataset<Row> rows = spark.read().format("binaryFile").load("s3a://pictures/").select("path");
 * new EmbeddingTransformer().setWeights("s3a://models/hiera_base_224.safetensors").transform(rows)
 *         .write().parquet("s3a://vectors/");
 * }</pre>
 */
public final class EmbeddingTransformer extends EncoderTransformer<EmbeddingTransformer> {
    private static final long serialVersionUID = 1;

    private final BooleanParam normalize;

    /** Creates a transformer with the default parameters. */
    public EmbeddingTransformer() {
        this(newUid("EmbeddingTransformer"));
    }

    /**
     * Creates a transformer with a given name.
     *
     * @param uid the unique name
     */
    public EmbeddingTransformer(String uid) {
        super(uid, "embedding");
        normalize = new BooleanParam(uid, "normalize", "whether vectors are scaled to length 1");
        setDefault(normalize, false);
    }

    /**
     * Reads a saved transformer.
     *
     * @param path the path where it was saved
     * @return the transformer
     */
    public static EmbeddingTransformer load(String path) {
        return read().load(path);
    }

    /** {@return the reader of saved transformers} */
    public static MLReader<EmbeddingTransformer> read() {
        return new DefaultParamsReader<>();
    }

    @Override
    EmbeddingTransformer self() {
        return this;
    }

    @Override
    MediaTask task() {
        return new EmbeddingTask(
                ModelSpec.encoder(getWeights(), engineSettings(), encoderSettings()), viewSettings(), isNormalize());
    }

    @Override
    List<StructField> results() {
        task().spec().readEncoder(files());
        return List.of(new StructField(
                getOutputCol(), DataTypes.createArrayType(DataTypes.FloatType, false), true, noMetadata()));
    }

    /** {@return the parameter of {@link #isNormalize}} */
    public final BooleanParam normalize() {
        return normalize;
    }

    /** {@return whether vectors are scaled to length 1} */
    public final boolean isNormalize() {
        return (boolean) getOrDefault(normalize);
    }

    /**
     * Sets whether vectors are scaled to length 1.
     *
     * @param value whether vectors are scaled to length 1
     * @return this transformer
     */
    public final EmbeddingTransformer setNormalize(boolean value) {
        set(normalize, value);
        return this;
    }
}
