package io.github.hiera4j.spark;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.spark.executor.HadoopFiles;
import io.github.hiera4j.spark.executor.ShardFiles;
import java.io.IOException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The files below the given paths, as rows. {@code binaryFile} is not used for two reasons: it skips empty files, and it splits by
 * bytes, although the work is per file.
 */
final class JobInput {
    private static final StructType SCHEMA = new StructType()
            .add("path", DataTypes.StringType, false)
            .add("modificationTime", DataTypes.TimestampType, false)
            .add("length", DataTypes.LongType, false);

    /** Files per task if the caller does not give the number of tasks. */
    private static final int FILES_OF_A_TASK = 500;

    private final SparkSession spark;
    private final List<Row> rows;
    private final int partitions;

    private JobInput(SparkSession spark, List<Row> rows, int partitions) {
        this.spark = spark;
        this.rows = rows;
        this.partitions = partitions;
    }

    /**
     * Returns the files of directories (recursively), of globs, and single files; hidden ones (whose names start with {@code .} or
     * {@code _}) are skipped, as in Spark.
     *
     * @param partitions number of partitions; 0: depends on the number of files
     */
    static JobInput of(SparkSession spark, List<String> paths, int partitions) {
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
        return new JobInput(spark, rows, partitions);
    }

    /** Returns the files that are not tar files. */
    Optional<Dataset<Row>> files() {
        return dataset(rows.stream().filter(row -> !isShard(row)).toList(), FILES_OF_A_TASK);
    }

    /** Returns the content of the tar files: one task per file if the caller does not give the number of tasks. */
    Optional<Dataset<Row>> shards() {
        Configuration settings =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration();
        return dataset(rows.stream().filter(JobInput::isShard).toList(), 1)
                .map(shards ->
                        shards.flatMap(new ShardFiles(new HadoopFiles(settings)), Encoders.row(ShardFiles.SCHEMA)));
    }

    private static boolean isShard(Row row) {
        return row.getString(0).toLowerCase(Locale.ROOT).endsWith(".tar");
    }

    private Optional<Dataset<Row>> dataset(List<Row> chosen, int ofATask) {
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        int byNumber = Math.max(chosen.size() / ofATask, Math.min(chosen.size(), 4 * context.defaultParallelism()));
        int tasks = partitions == 0 ? byNumber : partitions;
        return Optional.of(spark.createDataFrame(context.parallelize(chosen, tasks), SCHEMA));
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
