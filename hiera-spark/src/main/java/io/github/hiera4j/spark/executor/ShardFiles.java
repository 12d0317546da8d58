package io.github.hiera4j.spark.executor;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.data.layout.TarStream;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * The images and videos in tar files as separate rows, read sequentially while the rows are taken. A damaged tar file gives a last row
 * with its error.
 */
public final class ShardFiles implements FlatMapFunction<Row, Row> {
    private static final long serialVersionUID = 1;

    /** The column of the content. */
    public static final String CONTENT = "content";

    /** The schema of the rows: {@code SHARD!NAME} as the path, and content or an error. */
    public static final StructType SCHEMA = new StructType()
            .add("path", DataTypes.StringType, false)
            .add("modificationTime", DataTypes.TimestampType, false)
            .add("length", DataTypes.LongType, false)
            .add(CONTENT, DataTypes.BinaryType, true)
            .add(MediaColumns.FAULT, DataTypes.StringType, true);

    private final HadoopFiles files;

    /**
     * Creates a function that Spark sends to executors.
     *
     * @param files finds the files
     */
    public ShardFiles(HadoopFiles files) {
        this.files = files;
    }

    /**
     * Returns the files in a shard.
     *
     * @param shard a row with {@code path}, {@code modificationTime} and {@code length}
     * @return rows of {@link #SCHEMA}
     */
    @Override
    public Iterator<Row> call(Row shard) {
        Rows rows = new Rows(shard, new TarStream(shard.getString(0), files.open(shard.getString(0))));
        TaskContext context = TaskContext.get();
        if (context != null) {
            TaskCompletionListener listener = ended -> rows.stream.close();
            context.addTaskCompletionListener(listener);
        }
        return rows;
    }

    private static final class Rows implements Iterator<Row> {
        private final Row shard;
        private final TarStream stream;
        private @Nullable Row next;
        private boolean ended;
        private boolean any;

        Rows(Row shard, TarStream stream) {
            this.shard = shard;
            this.stream = stream;
        }

        @Override
        public boolean hasNext() {
            if (next == null && !ended) {
                next = read();
            }
            return next != null;
        }

        private @Nullable Row read() {
            String path = shard.getString(0);
            try {
                Optional<TarStream.Entry> entry = stream.next();
                if (entry.isPresent()) {
                    any = true;
                    return row(path, entry.get());
                }
                end();
                return any ? null : row(path, shard.getLong(2), null, path + ": contains no images or videos");
            } catch (HieraException fault) {
                end();
                return row(path, shard.getLong(2), null, Printable.message(String.valueOf(fault.getMessage())));
            }
        }

        private void end() {
            ended = true;
            stream.close();
        }

        private Row row(String path, TarStream.Entry entry) {
            String name = path + "!" + entry.name();
            boolean tooLarge = entry.length() > TarStream.MOST_BYTES;
            return row(
                    name,
                    entry.length(),
                    tooLarge ? null : entry.content(),
                    tooLarge ? name + ": is larger than " + (TarStream.MOST_BYTES >> 20) + " MB" : null);
        }

        private Row row(String path, long length, byte @Nullable [] content, @Nullable String fault) {
            return RowFactory.create(path, shard.get(1), length, content, fault);
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row row = java.util.Objects.requireNonNull(next);
            next = null;
            return row;
        }
    }
}
