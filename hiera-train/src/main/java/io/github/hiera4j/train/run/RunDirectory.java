package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
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
 * Where a run keeps what it makes: {@code checkpoints/step-NUMBER.safetensors}, {@code model/}, {@code best/},
 * {@code metrics.jsonl}, {@code manifest.json}, {@code report.html} and TensorBoard's event files.
 */
public final class RunDirectory {
    private static final Pattern CHECKPOINT = Pattern.compile("step-(\\d+)\\.safetensors");
    private static final String RECIPE_PREFIX = "recipe.";

    private final Path root;

    private RunDirectory(Path root) {
        this.root = root;
    }

    /** Makes or reopens a directory; throws a {@code HieraException} unless it can be written to. */
    public static RunDirectory open(Path root) {
        try {
            Files.createDirectories(root.resolve("checkpoints"));
            Path trial = Files.createTempFile(root, ".writable", ".tmp");
            Files.delete(trial);
        } catch (IOException e) {
            throw new HieraException(
                    root + ": cannot be written to: " + FileFault.reason(e) + "; choose another --out", e);
        }
        return new RunDirectory(root);
    }

    public Path root() {
        return root;
    }

    public Path file(String name) {
        return root.resolve(name);
    }

    /** Refuses a directory that holds what an earlier run learnt: a new run would mix with it, or replace it. */
    public void requireUnused() {
        boolean used = newest().isPresent() || Files.exists(file("model")) || Files.exists(file("best"));
        check(
                !used,
                "%s: holds an earlier run; add --resume to go on with it, --overwrite to throw it away, or choose another"
                        + " --out",
                root);
    }

    /** Throws away what an earlier run left: everything this class knows of, and nothing else. */
    public void clear() {
        removeTemporaryFiles();
        checkpoints().forEach(saved -> delete(saved.file()));
        List<Path> files = new ArrayList<>(List.of(file("metrics.jsonl"), file("manifest.json"), file("report.html")));
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
        files.forEach(RunDirectory::delete);
    }

    /** A saved state. */
    record Saved(Path file, long step) {}

    /** A state that was read. */
    record Loaded(Position position, Map<String, String> recipe, SafetensorsFile tensors) {}

    /** Checkpoints, oldest first. */
    List<Saved> checkpoints() {
        List<Saved> found = new ArrayList<>();
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

    /** The newest checkpoint. */
    Optional<Path> newest() {
        List<Saved> saved = checkpoints();
        return saved.isEmpty()
                ? Optional.empty()
                : Optional.of(saved.get(saved.size() - 1).file());
    }

    /** Writes a checkpoint beside the others, then forgets the oldest: at no moment is there none. */
    Path save(WeightSource state, Position position, Map<String, String> recipe, int keep) {
        Path file = root.resolve("checkpoints").resolve(String.format(Locale.ROOT, "step-%09d.safetensors", position.step()));
        Map<String, String> metadata = new LinkedHashMap<>(position.toText());
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
            check(!recipe.isEmpty(), "%s: not a training checkpoint of Hiera4j: it holds no recipe", file);
            return new Loaded(Position.parse(file.toString(), tensors.metadata()), recipe, tensors);
        } catch (RuntimeException fault) {
            tensors.close();
            throw fault;
        }
    }

    /** Removes what a killed writer left behind. */
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
