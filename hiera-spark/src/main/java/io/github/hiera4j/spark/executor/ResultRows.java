package io.github.hiera4j.spark.executor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a partition with their results. Only the thread of the task touches Spark's rows: it passes some to the model's
 * readers before it takes each result, so that files are decoded ahead.
 */
final class ResultRows implements Iterator<Row>, AutoCloseable {
    private static final Object END = new Object();

    private final MediaTask task;
    private final MediaColumns columns;
    private final HadoopFiles files;
    private final Iterator<Row> rows;
    private final SharedModels.Lease model;

    /** Files for the model's readers; {@link #END} after the last one. */
    private final BlockingQueue<Object> media = new LinkedBlockingQueue<>();

    /** Rows whose results have not been taken, in order. */
    private final Deque<Row> underWay = new ArrayDeque<>();

    private final Stream<MediaRow> stream;
    private final Iterator<MediaRow> results;
    private boolean ended;

    ResultRows(MediaTask task, MediaColumns columns, HadoopFiles files, Iterator<Row> rows) {
        this.task = task;
        this.columns = columns;
        this.files = files;
        this.rows = rows;
        this.model = SharedModels.lease(task.spec(), files);
        try {
            Iterable<Medium> handedOver = HandedOver::new;
            stream = task.run(model, StreamSupport.stream(handedOver.spliterator(), false));
            results = stream.iterator();
        } catch (RuntimeException | Error failure) {
            model.close();
            throw failure;
        }
    }

    /** The files, as taken by the model's readers on their thread. */
    private final class HandedOver implements Iterator<Medium> {
        private @Nullable Object next;

        @Override
        public boolean hasNext() {
            try {
                if (next == null) {
                    next = media.take();
                }
                return next != END;
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public Medium next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Medium file = (Medium) Objects.requireNonNull(next);
            next = null;
            return file;
        }
    }

    /** Keeps the readers supplied. */
    private void handOver() {
        while (!ended && underWay.size() < task.ahead()) {
            if (rows.hasNext()) {
                Row row = rows.next();
                underWay.add(row);
                media.add(columns.medium(row, files));
            } else {
                ended = true;
                media.add(END);
            }
        }
    }

    @Override
    public boolean hasNext() {
        handOver();
        if (underWay.isEmpty()) {
            close();
            return false;
        }
        return true;
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        MediaRow result = results.next();
        return with(underWay.remove(), result);
    }

    private Row with(Row row, MediaRow result) {
        Object[] values = new Object[row.size() + task.width() + 2];
        for (int i = 0; i < row.size(); i++) {
            values[i] = row.get(i);
        }
        Object[] columnsOfResult = result.values();
        if (columnsOfResult != null) {
            System.arraycopy(columnsOfResult, 0, values, row.size(), task.width());
        }
        values[row.size() + task.width()] = result.error();
        values[row.size() + task.width() + 1] = result.warnings().toArray(new String[0]);
        return RowFactory.create(values);
    }

    /** Ends the readers and returns the model, also when a task is killed. */
    @Override
    public void close() {
        media.add(END);
        stream.close();
        model.close();
    }
}
