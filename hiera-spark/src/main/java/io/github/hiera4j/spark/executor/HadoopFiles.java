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
 * Files by path or address: of this machine, of every file system that Hadoop knows ({@code s3a}, {@code hdfs}, …), or among those that
 * Spark brought. Sent to executors with its settings.
 */
public final class HadoopFiles implements Serializable {
    private static final long serialVersionUID = 1;

    /** Copies of remote files, made once in the life of a JVM and deleted at its end. */
    private static final Map<String, java.nio.file.Path> COPIES = new HashMap<>();

    private transient Configuration settings;

    /**
     * Files as given settings say.
     *
     * @param settings Hadoop's
     */
    public HadoopFiles(Configuration settings) {
        this.settings = settings;
    }

    /**
     * A file or directory as one of this machine: it lies here, or Spark brought it ({@code --files}), or it is copied once.
     *
     * @param name a path, an address, or a plain name
     * @return where it lies
     * @throws HieraException if there is none
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
                    "%s: is not on this node: give a path that all nodes can read, an address such as s3a://…, or"
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

    /** The file of this machine that a row names; null if it lies elsewhere. */
    static java.nio.file.@org.jspecify.annotations.Nullable Path ofThisMachine(String name) {
        Path path = path(name);
        String scheme = path.toUri().getScheme();
        return scheme == null || scheme.equals("file")
                ? java.nio.file.Path.of(path.toUri().getPath())
                : null;
    }

    /** A file of any file system, opened when it is first read. */
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
            throw new HieraException("'" + name + "': is no path of a file", fault);
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
