package io.github.hiera4j.spark.executor;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that identify the file of a row.
 *
 * @param input index of the column of paths or content
 * @param name index of the column that names the file in messages; -1: none
 * @param column name of the input column
 * @param fault index of the column with the reason for missing content; -1: none
 */
public record MediaColumns(int input, int name, String column, int fault) implements Serializable {
    /** The column with the reason for missing content, which the reader of tar files adds. */
    public static final String FAULT = "hiera_fault";

    /** The name of the column of paths in {@code binaryFile}. */
    private static final String PATH = "path";

    /**
     * Finds the columns in a schema.
     *
     * @param schema the schema of the rows
     * @param column name of the input column, which must exist
     * @return the columns
     */
    public static MediaColumns of(StructType schema, String column) {
        int name = Arrays.asList(schema.fieldNames()).indexOf(PATH);
        boolean named = name >= 0 && schema.apply(PATH).dataType() instanceof StringType;
        int fault = Arrays.asList(schema.fieldNames()).indexOf(FAULT);
        return new MediaColumns(schema.fieldIndex(column), named ? name : -1, column, fault);
    }

    /** Returns the file of a row. */
    Medium medium(Row row, HadoopFiles files) {
        String called = name >= 0 && !row.isNullAt(name) ? row.getString(name) : column;
        if (fault >= 0 && !row.isNullAt(fault)) {
            return Medium.failing(called, row.getString(fault));
        }
        if (row.isNullAt(input)) {
            return Medium.missing(called, column);
        }
        return row.get(input) instanceof byte[] content
                ? Medium.of(called, content)
                : Medium.of(row.getString(input), files);
    }
}
