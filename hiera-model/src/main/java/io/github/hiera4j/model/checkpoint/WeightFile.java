package io.github.hiera4j.model.checkpoint;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.io.LfsPointer;
import io.github.hiera4j.model.io.PositionedFile;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import io.github.hiera4j.model.weights.safetensors.ShardedSafetensors;
import io.github.hiera4j.model.weights.torch.TorchCheckpoint;
import io.github.hiera4j.model.zoo.ModelHome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A weight file of any format, recognised by its content.
 *
 * @param path the file (the index of a sharded one)
 * @param format the usual name of the format
 * @param weights its tensors under the names in the file
 * @param metadata other values in the file
 */
public record WeightFile(Path path, String format, WeightSource weights, Map<String, Object> metadata) {
    /** The names searched for in a directory, in order of preference. */
    private static final List<String> USUAL_NAMES =
            List.of("model.safetensors.index.json", "model.safetensors", "pytorch_model.bin");

    private static final List<String> ENDINGS = List.of(".safetensors", ".pth", ".pt", ".bin");

    private static final int ZIP_MAGIC = 0x4b50; // "PK"
    private static final int PICKLE_MAGIC = 0x0280; // protocol 2

    /** The directory of the model in a training run. */
    private static final String RUN_MODEL = "model";

    /**
     * Opens a file, the one weight file of a directory, the model of a training run, or downloaded weights by the name of their model.
     *
     * @param path a file, a directory, or the name of a downloaded model
     * @return the file; the caller closes it
     */
    public static WeightFile open(Path path) {
        check(!path.toString().isBlank(), "expected the name of a weight file or a directory, got an empty string");
        Path known = ModelHome.ofEnvironment().resolve(path);
        Path file = Files.isDirectory(known) ? findIn(known) : known;
        try {
            return openFile(file);
        } catch (HieraException e) { // unless a parser throws a subtype, the content is damaged
            throw e.getClass() == HieraException.class ? new DamagedFileException(e.getMessage(), e) : e;
        }
    }

    private static WeightFile openFile(Path file) {
        if (String.valueOf(file.getFileName()).endsWith(".json")) {
            ShardedSafetensors sharded = ShardedSafetensors.open(file);
            return new WeightFile(file, "sharded safetensors", sharded, Map.of());
        }
        int magic = magic(file);
        if (magic == ZIP_MAGIC || magic == PICKLE_MAGIC) {
            TorchCheckpoint torch = TorchCheckpoint.open(file);
            return new WeightFile(file, torch.format(), torch, torch.metadata());
        }
        SafetensorsFile safetensors = SafetensorsFile.open(file);
        return new WeightFile(file, "safetensors", safetensors, new LinkedHashMap<>(safetensors.metadata()));
    }

    /**
     * Creates the record without checks.
     *
     * @param path the file (the index of a sharded one)
     * @param format the usual name of the format
     * @param weights its tensors under the names in the file
     * @param metadata other values in the file
     */
    public WeightFile {
        metadata = Collections.unmodifiableMap(metadata);
    }

    private static int magic(Path path) {
        try (PositionedFile file = PositionedFile.open(path)) {
            check(file.size() > 0, "%s: the file is empty", path);
            check(file.size() >= 9, "%s: not a weight file: it has %d bytes", path, file.size());
            ByteBuffer start = file.read(0, 9);
            int magic = Short.toUnsignedInt(start.getShort(0));
            check(
                    !LfsPointer.isPointer(file),
                    "%s: not the weights but a Git LFS pointer to them; run 'git lfs pull' in its repository, or download"
                            + " the file itself",
                    path);
            check(start.get(0) != '<', "%s: not a weight file but a web page; fetch it again", path);
            boolean known = magic == ZIP_MAGIC || magic == PICKLE_MAGIC || start.get(8) == '{';
            check(known, "%s: neither safetensors nor a PyTorch checkpoint", path);
            return magic;
        }
    }

    private static Path findIn(Path directory) {
        for (String name : USUAL_NAMES) {
            if (Files.isRegularFile(directory.resolve(name))) {
                return directory.resolve(name);
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> candidates = files.filter(Files::isRegularFile)
                    .filter(file -> ENDINGS.stream().anyMatch(file.getFileName().toString()::endsWith))
                    .sorted()
                    .toList();
            Path model = directory.resolve(RUN_MODEL);
            if (candidates.isEmpty() && Files.isDirectory(model)) {
                return findIn(model);
            }
            if (candidates.isEmpty()) {
                throw new MissingFileException(
                        directory + ": contains no weight file (" + String.join(", ", ENDINGS) + ")");
            }
            check(
                    candidates.size() == 1,
                    "%s: contains %d weight files; name one of them",
                    directory,
                    candidates.size());
            return candidates.get(0);
        } catch (IOException e) {
            throw FileFault.unreadable(directory, e);
        }
    }
}
