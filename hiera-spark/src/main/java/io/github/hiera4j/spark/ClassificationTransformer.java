package io.github.hiera4j.spark;

import io.github.hiera4j.spark.executor.ClassificationTask;
import io.github.hiera4j.spark.executor.MediaTask;
import io.github.hiera4j.spark.executor.ModelSpec;
import java.util.List;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Adds the classes of each image or video: the likeliest classes, {@code array<struct<index, label, probability>>}, and the index of the
 * likeliest as a nominal attribute, whose column metadata names all classes ({@code IndexToString} reads it).
 */
public final class ClassificationTransformer extends EncoderTransformer<ClassificationTransformer> {
    private static final long serialVersionUID = 1;

    private final Param<String> predictionCol;
    private final IntParam topK;
    private final Param<String> labels;

    /** Creates a transformer with the default parameters. */
    public ClassificationTransformer() {
        this(newUid("ClassificationTransformer"));
    }

    /**
     * Creates a transformer with a given name.
     *
     * @param uid the unique name
     */
    public ClassificationTransformer(String uid) {
        super(uid, "predictions");
        predictionCol = new Param<>(
                uid,
                "predictionCol",
                "the column for the index of the likeliest class, a number with the names of all classes in its metadata",
                String.class);
        topK = new IntParam(uid, "topK", "the number of classes that are listed", ParamValidators.gtEq(1));
        labels = new Param<>(
                uid,
                "labels",
                "a text file of class names, read on the driver; empty: the names of the checkpoint, or those for the number of classes",
                String.class);
        setDefault(predictionCol, "prediction");
        setDefault(topK, 5);
        setDefault(labels, "");
    }

    /**
     * Reads a saved transformer.
     *
     * @param path the path where it was saved
     * @return the transformer
     */
    public static ClassificationTransformer load(String path) {
        return read().load(path);
    }

    /** {@return the reader of saved transformers} */
    public static MLReader<ClassificationTransformer> read() {
        return new DefaultParamsReader<>();
    }

    @Override
    ClassificationTransformer self() {
        return this;
    }

    @Override
    MediaTask task() {
        return new ClassificationTask(spec(), viewSettings(), getTopK());
    }

    private ModelSpec spec() {
        ModelSpec spec = ModelSpec.classifier(getWeights(), engineSettings(), encoderSettings());
        return spec.withLabels(spec.readLabels(files(), getLabels()));
    }

    @Override
    List<StructField> results() {
        List<String> names = spec().labels();
        return List.of(
                new StructField(
                        getOutputCol(),
                        DataTypes.createArrayType(ClassificationTask.TYPE, false),
                        true,
                        labelMetadata(names)),
                new StructField(
                        getPredictionCol(),
                        DataTypes.DoubleType,
                        true,
                        NominalAttribute.defaultAttr()
                                .withName(getPredictionCol())
                                .withValues(names.toArray(new String[0]))
                                .toMetadata(labelMetadata(names))));
    }

    /** {@return the parameter of {@link #getPredictionCol}} */
    public final Param<String> predictionCol() {
        return predictionCol;
    }

    /** {@return the column for the index of the likeliest class, a number with the names of all classes in its metadata} */
    public final String getPredictionCol() {
        return getOrDefault(predictionCol);
    }

    /**
     * Sets the column for the index of the likeliest class, a number with the names of all classes in its metadata.
     *
     * @param value the column for the index of the likeliest class, a number with the names of all classes in its metadata
     * @return this transformer
     */
    public final ClassificationTransformer setPredictionCol(String value) {
        set(predictionCol, value);
        return this;
    }

    /** {@return the parameter of {@link #getTopK}} */
    public final IntParam topK() {
        return topK;
    }

    /** {@return the number of classes that are listed} */
    public final int getTopK() {
        return (int) getOrDefault(topK);
    }

    /**
     * Sets the number of classes that are listed.
     *
     * @param value the number of classes that are listed
     * @return this transformer
     */
    public final ClassificationTransformer setTopK(int value) {
        set(topK, value);
        return this;
    }

    /** {@return the parameter of {@link #getLabels}} */
    public final Param<String> labels() {
        return labels;
    }

    /** {@return a text file of class names, read on the driver; empty: the names of the checkpoint, or those for the number of classes} */
    public final String getLabels() {
        return getOrDefault(labels);
    }

    /**
     * Sets a text file of class names, read on the driver; empty: the names of the checkpoint, or those for the number of classes.
     *
     * @param value a text file of class names, read on the driver; empty: the names of the checkpoint, or those for the number of classes
     * @return this transformer
     */
    public final ClassificationTransformer setLabels(String value) {
        set(labels, value);
        return this;
    }
}
