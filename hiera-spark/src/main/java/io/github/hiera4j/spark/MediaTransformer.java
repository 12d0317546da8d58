package io.github.hiera4j.spark;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.spark.executor.HadoopFiles;
import io.github.hiera4j.spark.executor.MediaColumns;
import io.github.hiera4j.spark.executor.MediaPartitions;
import io.github.hiera4j.spark.executor.MediaTask;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A transformer that runs a model on the images and videos of a column and appends its results, an error and warnings.
 *
 * <p>A row whose file cannot be read gets null and the reason; other rows are not affected. A model that cannot be loaded fails the
 * job. Every executor loads a model once, regardless of the number of tasks and of transformers with the same settings, and frees it when
 * it ends.
 *
 * @param <T> the transformer itself, which its setters return
 */
public abstract class MediaTransformer<T extends MediaTransformer<T>> extends EngineParams<T> {
    private static final long serialVersionUID = 1;

    /** The key of the class names in a column's metadata. */
    public static final String LABELS = "labels";

    MediaTransformer(String uid, String output) {
        super(uid, output);
    }

    /** Returns the computation for the executors. */
    abstract MediaTask task();

    /** Returns the columns of results; reads the metadata of the weights, so that errors are found before the job starts. */
    abstract List<StructField> results();

    /**
     * Appends the results. Nothing is computed before an action requests rows.
     *
     * @param dataset the rows
     * @return the rows with additional columns
     * @throws io.github.hiera4j.model.HieraException if columns do not fit, or the weights cannot be read here
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        MediaColumns columns = MediaColumns.of(dataset.schema(), getInputCol());
        HadoopFiles files =
                new HadoopFiles(dataset.sparkSession().sparkContext().hadoopConfiguration());
        MapPartitionsFunction<Row, Row> partitions = new MediaPartitions(task(), columns, files);
        Dataset<Row> rows = dataset.toDF().mapPartitions(partitions, Encoders.row(schema));
        for (StructField field : schema.fields()) { // Spark's row encoder drops the metadata
            if (!field.metadata().equals(noMetadata())) {
                rows = rows.withMetadata(field.name(), field.metadata());
            }
        }
        return rows;
    }

    /**
     * Checks the input column and the parameters.
     *
     * @param schema the schema of the input rows
     * @return the schema of the output rows
     * @throws io.github.hiera4j.model.HieraException if columns do not fit, or the weights cannot be read here
     */
    @Override
    public StructType transformSchema(StructType schema) {
        checkInput(schema);
        check(isDefined(weights()) && !getWeights().isEmpty(), "%s: set the weights", uid());
        List<StructField> fields = new ArrayList<>(List.of(schema.fields()));
        fields.addAll(results());
        fields.add(new StructField(getErrorCol(), DataTypes.StringType, true, noMetadata()));
        fields.add(new StructField(
                getWarningCol(), DataTypes.createArrayType(DataTypes.StringType, false), false, noMetadata()));
        StructType result = new StructType();
        for (StructField field : fields) {
            check(
                    !List.of(result.fieldNames()).contains(field.name()),
                    "%s: a column '%s' already exists: choose another name",
                    uid(),
                    field.name());
            result = result.add(field);
        }
        return result;
    }

    private void checkInput(StructType schema) {
        check(
                List.of(schema.fieldNames()).contains(getInputCol()),
                "%s: there is no column '%s' among %s: set inputCol",
                uid(),
                getInputCol(),
                String.join(", ", schema.fieldNames()));
        DataType type = schema.apply(getInputCol()).dataType();
        check(
                type instanceof StringType || type instanceof BinaryType,
                "%s: column '%s' must have paths (string) or content (binary), got %s",
                uid(),
                getInputCol(),
                type.simpleString());
    }

    /** Returns the files as seen by the driver, with the session's Hadoop settings if there is a session. */
    static HadoopFiles files() {
        scala.Option<SparkSession> session = SparkSession.getActiveSession();
        session = session.isDefined() ? session : SparkSession.getDefaultSession();
        return new HadoopFiles(
                session.isDefined() ? session.get().sparkContext().hadoopConfiguration() : new Configuration());
    }

    static Metadata noMetadata() {
        return Metadata.empty();
    }

    static Metadata labelMetadata(List<String> names) {
        return new MetadataBuilder()
                .putStringArray(LABELS, names.toArray(new String[0]))
                .build();
    }

    /** Returns a unique name for a transformer without a given name. */
    static String newUid(String prefix) {
        return org.apache.spark.ml.util.Identifiable.randomUID(prefix);
    }

    @Override
    public T copy(ParamMap extra) {
        return defaultCopy(extra);
    }
}
