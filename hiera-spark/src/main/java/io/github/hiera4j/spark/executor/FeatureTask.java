package io.github.hiera4j.spark.executor;

import io.github.hiera4j.api.FeatureMap;
import io.github.hiera4j.api.HieraBackbone;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Computes feature maps.
 *
 * @param spec the model
 * @param views settings for reading files; one view of each is taken
 * @param stage the stage that is kept, from 1; 0: all
 */
public record FeatureTask(ModelSpec spec, ViewSettings views, int stage) implements MediaTask {
    /** One map: the number of its stage, the names and sizes of its axes, its values in row-major order. */
    public static final StructType TYPE = new StructType()
            .add("stage", DataTypes.IntegerType, false)
            .add("axes", DataTypes.createArrayType(DataTypes.StringType, false), false)
            .add("shape", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
            .add("values", DataTypes.createArrayType(DataTypes.FloatType, false), false);

    @Override
    public int ahead() {
        return views.ahead();
    }

    @Override
    public Stream<MediaRow> run(SharedModels.Lease model, Stream<Medium> media) {
        HieraBackbone backbone = model.model(HieraBackbone.class);
        return backbone.featuresInputs(media.map(Medium::input), views.of(backbone.readOptions()))
                .map(result -> MediaRow.of(result, this::columns));
    }

    private Object[] columns(List<FeatureMap> maps) {
        Row[] rows = maps.stream()
                .filter(map -> stage == 0 || map.stage() == stage)
                .map(map -> RowFactory.create(
                        map.stage(),
                        map.axes().toArray(new String[0]),
                        map.values().shape().sizes(),
                        map.values().toFloats()))
                .toArray(Row[]::new);
        return new Object[] {rows};
    }
}
