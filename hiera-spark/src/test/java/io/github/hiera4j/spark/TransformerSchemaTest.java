package io.github.hiera4j.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.testing.TestFiles;
import java.nio.file.Path;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** What transformers check before a job starts. */
class TransformerSchemaTest {
    private static final Path CLASSIFIER = TestFiles.checkpoint("nano_official.pth");

    @Test
    void wrongColumnsAndWeightsFailBeforeAJobStarts() {
        EmbeddingTransformer embed = new EmbeddingTransformer("embed");
        StructType paths = new StructType().add("path", DataTypes.StringType);
        assertThatThrownBy(() -> embed.transformSchema(paths)).hasMessage("embed: set the weights");
        embed.setWeights("nothing.pth");
        assertThatThrownBy(() -> embed.transformSchema(paths))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("nothing.pth: is not on this node");
        embed.setWeights(CLASSIFIER.toString());
        assertThatThrownBy(() -> embed.transformSchema(new StructType().add("file", DataTypes.StringType)))
                .hasMessage("embed: there is no column 'path' among file: set inputCol");
        assertThatThrownBy(() -> embed.transformSchema(new StructType().add("path", DataTypes.LongType)))
                .hasMessage("embed: column 'path' must have paths (string) or content (binary), got bigint");
        assertThatThrownBy(() -> embed.transformSchema(paths.add("error", DataTypes.StringType)))
                .hasMessage("embed: a column 'error' already exists: choose another name");
        assertThatThrownBy(() -> new ClassificationTransformer()
                        .setWeights(
                                TestFiles.checkpoint("mae_nano_official.pth").toString())
                        .transformSchema(paths))
                .hasMessageContaining("has no head");
        assertThatThrownBy(() -> embed.setBatchSize(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
