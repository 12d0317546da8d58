package io.github.hiera4j.spark.executor;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;

/**
 * Finds files by path or URI: on this machine, on every file system that Hadoop supports ({@code s3a}, {@code hdfs}, …), or among the
 * files distributed by Spark. Sent to executors with its settings.
 */
public final class HadoopFiles implements Serializable {
    private static final long serialVersionUID = 1;

    /** Copies of remote files, made once per JVM and deleted at its end. */
    private static final Map<String, java.nio.file.Path> COPIES = new HashMap<>();

    private transient Configuration settings;

    /**
     * Creates an instance with the given settings.
     *
     * @param settings the Hadoop settings
     */
    public HadoopFiles(Configuration settings) {
        this.settings = settings;
    }

    /**
     * Returns a local path of a file or directory: a local file, one distributed by Spark ({@code --files}), or a copy that is made once.
     *
     * @param name a path, a URI, or a plain name
     * @return the local path
     * @throws HieraException if it does not exist
     */
    public java.nio.file.Path local(String name) {
        Path path = path(name);
        String scheme = path.toUri().getScheme();
        if (scheme == null || scheme.equals("file")) {
            java.nio.file.Path file = java.nio.file.Path.of(path.toUri().getPath());
            if (Files.exists(file)) {
                return file;
            }
            java.nio.file.Path brought = brought(name);
            check(
                    brought != null && Files.exists(brought),
                    "%s: is not on this node: give a path that all nodes can read, a URI such as s3a://…, or"
                            + " spark-submit --files",
                    name);
            return java.util.Objects.requireNonNull(brought);
        }
        return copy(name, path);
    }

    private static java.nio.file.@org.jspecify.annotations.Nullable Path brought(String name) {
        boolean plain = !name.contains("/") && !name.contains("..");
        return plain && SparkEnv.get() != null ? java.nio.file.Path.of(SparkFiles.get(name)) : null;
    }

    private java.nio.file.Path copy(String name, Path path) {
        synchronized (COPIES) {
            java.nio.file.Path known = COPIES.get(name);
            if (known != null) {
                return known;
            }
            try {
                java.nio.file.Path directory = Files.createTempDirectory("hiera-weights");
                AtExit.delete(directory);
                java.nio.file.Path target = directory.resolve(path.getName());
                FileSystem system = path.getFileSystem(settings);
                check(system.exists(path), "%s: does not exist", name);
                FileUtil.copy(system, path, target.toFile(), false, settings);
                COPIES.put(name, target);
                return target;
            } catch (IOException fault) {
                throw FileFault.unreadable(name, fault);
            }
        }
    }

    /** Returns the local file that a row names; null if it is not on this machine. */
    static java.nio.file.@org.jspecify.annotations.Nullable Path ofThisMachine(String name) {
        Path path = path(name);
        String scheme = path.toUri().getScheme();
        return scheme == null || scheme.equals("file")
                ? java.nio.file.Path.of(path.toUri().getPath())
                : null;
    }

    /** Returns a file on any file system, opened when it is first read. */
    InputStream open(String name) {
        return new LateStream(() -> {
            Path path = path(name);
            return path.getFileSystem(settings).open(path);
        });
    }

    private static Path path(String name) {
        try {
            return new Path(name);
        } catch (IllegalArgumentException fault) {
            throw new HieraException("'" + name + "': is not a path of a file", fault);
        }
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        settings.write(out);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        settings = new Configuration(false);
        settings.readFields(in);
    }
}
