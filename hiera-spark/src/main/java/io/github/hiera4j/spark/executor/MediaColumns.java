package io.github.hiera4j.spark.executor;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Where rows have their files.
 *
 * @param input index of the column of paths or content
 * @param name index of the column that names the file in messages; -1: none
 * @param column the input column's name
 */
public record MediaColumns(int input, int name, String column) implements Serializable {
    /** What {@code binaryFile} calls the column of paths. */
    private static final String PATH = "path";

    /**
     * The columns of a schema.
     *
     * @param schema of the rows
     * @param column the input column, which exists
     * @return the columns
     */
    public static MediaColumns of(StructType schema, String column) {
        int name = Arrays.asList(schema.fieldNames()).indexOf(PATH);
        boolean named = name >= 0 && schema.apply(PATH).dataType() instanceof StringType;
        return new MediaColumns(schema.fieldIndex(column), named ? name : -1, column);
    }

    /** The file of a row. */
    Medium medium(Row row, HadoopFiles files) {
        String called = name >= 0 && !row.isNullAt(name) ? row.getString(name) : column;
        if (row.isNullAt(input)) {
            return Medium.missing(called, column);
        }
        return row.get(input) instanceof byte[] content
                ? Medium.of(called, content)
                : Medium.of(row.getString(input), files);
    }
}
