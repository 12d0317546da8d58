package io.github.hiera4j.spark.executor;

import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** The rows of a partition through the executor's model. */
public final class MediaPartitions implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1;

    private final MediaTask task;
    private final MediaColumns columns;
    private final HadoopFiles files;

    /**
     * A function that Spark sends to executors.
     *
     * @param task what is computed
     * @param columns where rows have their files
     * @param files how files are found
     */
    public MediaPartitions(MediaTask task, MediaColumns columns, HadoopFiles files) {
        this.task = task;
        this.columns = columns;
        this.files = files;
    }

    /**
     * The rows with their results, computed as they are taken.
     *
     * @param rows of one partition
     * @return as many rows, in their order
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
