package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import io.github.hiera4j.train.report.ReconstructionStrip;
import io.github.hiera4j.train.run.internal.DirectoryLock;
import io.github.hiera4j.train.trace.TraceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory of a run: {@code checkpoints/step-NUMBER.safetensors}, {@code model/}, {@code best/},
 * {@code metrics.jsonl}, {@code manifest.json}, {@code report.html} and TensorBoard's event files.
 */
public final class RunDirectory {
    private static final Pattern CHECKPOINT = Pattern.compile("step-([0-9]{9,18})\\.safetensors");
    private static final String RECIPE_PREFIX = "recipe.";

    private static final String DATA_KEY = "data";
    private static final String LOCK_FILE = ".lock";

    private final Path root;
    private final boolean isWritten;
    private final DirectoryLock lock;

    private RunDirectory(Path root, boolean isWritten) {
        this.root = root;
        this.isWritten = isWritten;
        this.lock = new DirectoryLock(
                root.resolve(LOCK_FILE),
                () -> new HieraException(
                        root + ": another training is using this directory; wait for its end or choose another --out"));
    }

    /**
     * Creates or reopens a directory; throws a {@code HieraException} if it cannot be written to.
     *
     * @param root the directory
     * @return the directory
     */
    public static RunDirectory open(Path root) {
        try {
            Files.createDirectories(root.resolve("checkpoints"));
            Path trial = Files.createTempFile(root, ".writable", ".tmp");
            Files.delete(trial);
        } catch (IOException e) {
            throw new HieraException(
                    root + ": cannot be written to: " + FileFault.reason(e) + "; choose another --out", e);
        }
        return new RunDirectory(root, true);
    }

    /**
     * Describes a directory that another process writes: it may be missing on this machine, and it is not locked.
     *
     * @param root the run's directory
     * @return a directory that is only read
     */
    public static RunDirectory ofOther(Path root) {
        return new RunDirectory(root, false);
    }

    /** {@return the directory} */
    public Path root() {
        return root;
    }

    /**
     * {@return a file or directory of the run}
     *
     * @param name the name
     */
    public Path file(String name) {
        return root.resolve(name);
    }

    /** Prevents other runs from using a directory until it is closed. */
    public interface Lock extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Locks the directory for one training; the same object may lock it more than once.
     *
     * @return the lock; close it
     * @throws HieraException if another training uses it, in this process or another one
     */
    public Lock lock() {
        return isWritten ? lock.hold()::close : () -> {};
    }

    /**
     * Refuses a directory that holds an earlier run, even one that ended before its first checkpoint: a new run would replace it
     * or mix with it.
     */
    public void requireUnused() {
        boolean used = newest().isPresent()
                || Stream.of("model", "best", "manifest.json", "metrics.jsonl")
                        .anyMatch(name -> Files.exists(file(name)));
        check(
                !used,
                "%s: holds an earlier run; add --resume to continue it, --overwrite to discard it, or choose another --out",
                root);
    }

    /** Deletes the files of an earlier run, and no other files. */
    public void clear() {
        try (Lock exclusive = lock()) {
            deleteRun();
        }
    }

    private void deleteRun() {
        removeTemporaryFiles();
        checkpoints().forEach(saved -> delete(saved.file()));
        List<Path> files = new ArrayList<>(List.of(
                file("metrics.jsonl"),
                file("manifest.json"),
                file("report.html"),
                file(TraceFiles.EVENTS),
                file(TraceFiles.PICTURE)));
        try (Stream<Path> others = Files.list(root)) {
            others.filter(file -> file.getFileName().toString().startsWith("events.out.tfevents."))
                    .forEach(files::add);
        } catch (IOException e) {
            throw new HieraException(root + ": cannot be listed: " + FileFault.reason(e), e);
        }
        for (String model : List.of("model", "best")) {
            List.of("model.safetensors", "config.json", "hiera4j.json", "")
                    .forEach(name -> files.add(file(model).resolve(name)));
        }
        files.addAll(reconstructions());
        files.forEach(RunDirectory::delete);
    }

    /** Deletes the pictures of {@link ReconstructionStrip}, and then their directory. */
    private List<Path> reconstructions() {
        Path directory = file(ReconstructionStrip.DIRECTORY);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> pictures = Files.list(directory)) {
            return Stream.concat(
                            pictures.filter(file ->
                                    file.getFileName().toString().matches("(step-[0-9]+|original|masked)\\.png")),
                            Stream.of(directory))
                    .toList();
        } catch (IOException e) {
            throw new HieraException(directory + ": cannot be listed: " + FileFault.reason(e), e);
        }
    }

    /** A saved state. */
    record Saved(Path file, long step) {}

    /**
     * A loaded state.
     *
     * @param recipe settings by key
     * @param data the fingerprint of the data it was trained on; empty in files of earlier versions
     */
    record Loaded(Position position, Map<String, String> recipe, Optional<String> data, SafetensorsFile tensors) {}

    /** Returns the checkpoints, oldest first. */
    List<Saved> checkpoints() {
        List<Saved> found = new ArrayList<>();
        if (!isWritten && !Files.isDirectory(root.resolve("checkpoints"))) {
            return found;
        }
        try (Stream<Path> files = Files.list(root.resolve("checkpoints"))) {
            files.forEach(file -> {
                Matcher name = CHECKPOINT.matcher(file.getFileName().toString());
                if (name.matches()) {
                    found.add(new Saved(file, Long.parseLong(name.group(1))));
                }
            });
        } catch (IOException e) {
            throw new HieraException(root + ": cannot be listed: " + FileFault.reason(e), e);
        }
        found.sort(Comparator.comparingLong(Saved::step));
        return found;
    }

    /** Returns the newest checkpoint. */
    Optional<Path> newest() {
        List<Saved> saved = checkpoints();
        return saved.isEmpty()
                ? Optional.empty()
                : Optional.of(saved.get(saved.size() - 1).file());
    }

    /**
     * Writes a checkpoint, then deletes the oldest ones, so that there is always at least one.
     *
     * @param data fingerprint of the data
     * @param keep how many checkpoints are kept
     */
    Path save(WeightSource state, Position position, Map<String, String> recipe, String data, int keep) {
        Path file = root.resolve("checkpoints")
                .resolve(String.format(Locale.ROOT, "step-%09d.safetensors", position.step()));
        Map<String, String> metadata = new LinkedHashMap<>(position.toText());
        metadata.put(DATA_KEY, data);
        recipe.forEach((key, value) -> metadata.put(RECIPE_PREFIX + key, value));
        SafetensorsWriter.write(file, state, metadata);
        List<Saved> all = checkpoints();
        for (int i = 0; i < all.size() - keep; i++) {
            delete(all.get(i).file());
        }
        return file;
    }

    /** Reads a checkpoint; close its tensors. */
    static Loaded load(Path file) {
        SafetensorsFile tensors = SafetensorsFile.open(file);
        try {
            Map<String, String> recipe = new LinkedHashMap<>();
            tensors.metadata().forEach((key, value) -> {
                if (key.startsWith(RECIPE_PREFIX)) {
                    recipe.put(key.substring(RECIPE_PREFIX.length()), value);
                }
            });
            check(!recipe.isEmpty(), "%s: not a training checkpoint of Hiera4j: it contains no recipe", file);
            Position position = Position.parse(file.toString(), tensors.metadata());
            Matcher name = CHECKPOINT.matcher(file.getFileName().toString());
            check(
                    !name.matches() || Long.parseLong(name.group(1)) == position.step(),
                    "%s: its name and its content differ: it contains step %d",
                    file,
                    position.step());
            return new Loaded(
                    position, recipe, Optional.ofNullable(tensors.metadata().get(DATA_KEY)), tensors);
        } catch (RuntimeException fault) {
            tensors.close();
            throw fault;
        }
    }

    /** Removes the temporary files that a killed process left. */
    void removeTemporaryFiles() {
        try (Stream<Path> files = Files.walk(root, 2)) {
            files.filter(file -> file.getFileName().toString().matches("\\..*\\.tmp"))
                    .forEach(RunDirectory::delete);
        } catch (IOException e) {
            throw new HieraException(root + ": cannot be listed: " + FileFault.reason(e), e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be deleted: " + FileFault.reason(e), e);
        }
    }
}
