package io.github.hiera4j.spark.executor;

import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** Processes the rows of a partition with the executor's model. */
public final class MediaPartitions implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1;

    private final MediaTask task;
    private final MediaColumns columns;
    private final HadoopFiles files;

    /**
     * Creates a function that Spark sends to executors.
     *
     * @param task the computation
     * @param columns the columns that identify the files
     * @param files finds the files
     */
    public MediaPartitions(MediaTask task, MediaColumns columns, HadoopFiles files) {
        this.task = task;
        this.columns = columns;
        this.files = files;
    }

    /**
     * Returns the rows with their results, computed on demand.
     *
     * @param rows the rows of one partition
     * @return the same number of rows, in the same order
     */
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return rows; // loads no model
        }
        ResultRows results = new ResultRows(task, columns, files, rows);
        TaskContext context = TaskContext.get();
        if (context != null) {
            TaskCompletionListener listener = ended -> results.close();
            context.addTaskCompletionListener(listener);
        }
        return results;
    }
}
