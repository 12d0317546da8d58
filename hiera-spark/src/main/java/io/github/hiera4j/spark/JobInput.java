package io.github.hiera4j.spark;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import java.io.IOException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The files below some paths, as rows. {@code binaryFile} would do but for two things: it leaves empty files out, and it splits by
 * bytes, where the work is per file.
 */
final class JobInput {
    private static final StructType SCHEMA = new StructType()
            .add("path", DataTypes.StringType, false)
            .add("modificationTime", DataTypes.TimestampType, false)
            .add("length", DataTypes.LongType, false);

    /** Files of one task where the caller does not say how many tasks there shall be. */
    private static final int FILES_OF_A_TASK = 500;

    private JobInput() {}

    /**
     * The files of directories (all below them), of globs, and single ones; hidden ones (with {@code .} or {@code _} before the name) are
     * left out, as Spark does.
     *
     * @param partitions of the rows; 0: by their number
     */
    static Dataset<Row> files(SparkSession spark, List<String> paths, int partitions) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<Row> rows = new ArrayList<>();
        for (String path : paths) {
            int before = rows.size();
            try {
                list(new Path(path), context, rows);
            } catch (IOException fault) {
                throw FileFault.unreadable(path, fault);
            }
            check(rows.size() > before, "%s: no files there", path);
        }
        int cores = context.defaultParallelism();
        int byNumber = Math.max(rows.size() / FILES_OF_A_TASK, Math.min(rows.size(), 4 * cores));
        return spark.createDataFrame(context.parallelize(rows, partitions == 0 ? byNumber : partitions), SCHEMA);
    }

    private static void list(Path path, JavaSparkContext context, List<Row> rows) throws IOException {
        FileSystem files = path.getFileSystem(context.hadoopConfiguration());
        FileStatus[] found = files.globStatus(path);
        check(found != null && found.length > 0, "%s: no such file or directory", path);
        for (FileStatus each : found) {
            if (each.isDirectory()) {
                below(files, each.getPath(), rows);
            } else {
                rows.add(row(each));
            }
        }
    }

    private static void below(FileSystem files, Path directory, List<Row> rows) throws IOException {
        var entries = files.listStatusIterator(directory);
        while (entries.hasNext()) {
            FileStatus entry = entries.next();
            String name = entry.getPath().getName();
            if (name.startsWith(".") || name.startsWith("_")) {
                continue;
            }
            if (entry.isDirectory()) {
                below(files, entry.getPath(), rows);
            } else {
                rows.add(row(entry));
            }
        }
    }

    private static Row row(FileStatus file) {
        return RowFactory.create(file.getPath().toString(), new Timestamp(file.getModificationTime()), file.getLen());
    }
}
