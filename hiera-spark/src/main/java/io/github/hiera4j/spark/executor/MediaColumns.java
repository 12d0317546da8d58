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
 * @param fault index of the column that says why there is nothing to read; -1: none
 */
public record MediaColumns(int input, int name, String column, int fault) implements Serializable {
    /** The column that says why a row has no content, as the reader of tar files adds it. */
    public static final String FAULT = "hiera_fault";

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
        int fault = Arrays.asList(schema.fieldNames()).indexOf(FAULT);
        return new MediaColumns(schema.fieldIndex(column), named ? name : -1, column, fault);
    }

    /** The file of a row. */
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
