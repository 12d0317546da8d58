package io.github.hiera4j.spark.executor;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.HieraClassifier;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Computes the likeliest classes.
 *
 * @param spec the model
 * @param views settings for reading files
 * @param top number of classes listed
 */
public record ClassificationTask(ModelSpec spec, ViewSettings views, int top) implements MediaTask {
    /** One class: its index, its name, and its probability from 0 to 1. */
    public static final StructType TYPE = new StructType()
            .add("index", DataTypes.IntegerType, false)
            .add("label", DataTypes.StringType, false)
            .add("probability", DataTypes.DoubleType, false);

    @Override
    public int ahead() {
        return views.ahead();
    }

    @Override
    public int width() {
        return 2;
    }

    @Override
    public Stream<MediaRow> run(SharedModels.Lease model, Stream<Medium> media) {
        HieraClassifier classifier = model.model(HieraClassifier.class);
        return classifier
                .classifyInputs(media.map(Medium::input), views.of(classifier.readOptions()), top)
                .map(result -> MediaRow.of(result, ClassificationTask::columns));
    }

    private static Object[] columns(List<Classification> classes) {
        Row[] rows = classes.stream()
                .map(each -> RowFactory.create(each.index(), each.label(), each.probability()))
                .toArray(Row[]::new);
        return new Object[] {rows, (double) classes.get(0).index()};
    }
}
