package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.FileSource;
import io.github.hiera4j.train.data.FileSource.Labelled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Directories of images and videos: one per class, with files at any depth below it (as torchvision's {@code ImageFolder} reads
 * them), below {@code train} and {@code val} or directly; or without classes, for pretraining.
 */
final class Folders {
    private static final int HELD_OUT_EVERY = 10;
    private static final int MOST_HELD_OUT = 1000; // of unlabelled files: enough for a loss

    private Folders() {}

    /** Opens {@code train/CLASS} and {@code val/CLASS}, or only {@code CLASS}, where every tenth file of a class is held out. */
    static Dataset open(Path root) {
        Path train = root.resolve("train");
        if (!Files.isDirectory(train)) {
            return every(root);
        }
        List<String> classes = requireClasses(train);
        Optional<Path> validation = validation(root);
        validation.ifPresent(directory -> requireKnown(directory, classes, train));
        return new Dataset(
                root.toString(),
                classes,
                new FileSource(labelled(train, classes)),
                new FileSource(validation
                        .map(directory -> labelled(directory, classes))
                        .orElse(List.of())),
                validation.map(Path::toString).orElse("nothing"));
    }

    private static Dataset every(Path root) {
        List<String> classes = requireClasses(root);
        List<Labelled> train = new ArrayList<>();
        List<Labelled> held = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            List<Path> files = members(root.resolve(classes.get(label)));
            for (int i = 0; i < files.size(); i++) {
                (i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1 ? held : train).add(new Labelled(files.get(i), label));
            }
        }
        return new Dataset(
                root.toString(),
                classes,
                new FileSource(train),
                new FileSource(held),
                "every tenth file of each class, because there is no val directory");
    }

    /** Opens the validation part if present, otherwise everything. */
    static Dataset openForEvaluation(Path root) {
        Optional<Path> validation = validation(root);
        Path train = root.resolve("train");
        check(
                validation.isPresent() || !Files.isDirectory(train),
                "%s: has no validation samples: put some in its val directory, or name the directory to evaluate, such as %s",
                root,
                train);
        Path evaluated = validation.orElse(root);
        List<String> own = requireClasses(evaluated);
        List<String> classes = own;
        if (validation.isPresent() && Files.isDirectory(train)) {
            classes = requireClasses(train);
            requireKnown(evaluated, classes, train);
        }
        String why =
                validation.isPresent() ? "all of " + evaluated : "the whole directory, because it has no val directory";
        return new Dataset(
                root.toString(), classes, new FileSource(List.of()), new FileSource(labelled(evaluated, classes)), why);
    }

    /** Opens all images and videos, in {@code train} and {@code val} or at any depth; their directories have no meaning. */
    static Dataset openUnlabelled(Path root) {
        Path train = root.resolve("train");
        if (!Files.isDirectory(train)) {
            return unlabelled(root, MediaFiles.below(root));
        }
        Optional<Path> validation = validation(root);
        List<Path> files = MediaFiles.below(train);
        if (validation.isEmpty()) {
            return unlabelled(train, files);
        }
        requireSome(train, files);
        return Dataset.unlabelled(
                root.toString(),
                FileSource.unlabelled(files),
                FileSource.unlabelled(MediaFiles.below(validation.get())),
                validation.get().toString());
    }

    /** Holds out every tenth file, but at most 1000. */
    static Dataset unlabelled(Path where, List<Path> files) {
        requireSome(where, files);
        int every = Math.max(HELD_OUT_EVERY, files.size() / MOST_HELD_OUT);
        List<Path> train = new ArrayList<>();
        List<Path> held = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            (i % every == every - 1 ? held : train).add(files.get(i));
        }
        String why = held.isEmpty()
                ? "nothing, because there are fewer than " + HELD_OUT_EVERY + " files"
                : "one file in " + every + ", because there is no val directory or list";
        return Dataset.unlabelled(where.toString(), FileSource.unlabelled(train), FileSource.unlabelled(held), why);
    }

    private static void requireSome(Path where, List<Path> files) {
        check(
                !files.isEmpty(),
                "%s: contains no images or videos, at any depth; files are recognised by extensions such as .jpg and .mp4",
                where);
    }

    private static Optional<Path> validation(Path root) {
        return List.of("val", "validation").stream()
                .map(root::resolve)
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static List<String> requireClasses(Path directory) {
        List<String> classes = MediaFiles.directories(directory).stream()
                .map(MediaFiles::name)
                .sorted()
                .toList();
        check(
                !classes.isEmpty(),
                "%s: expected one directory per class in it, or one of these: %s. To pretrain on files without classes use hiera"
                        + " pretrain",
                directory,
                Datasets.LAYOUTS);
        return classes;
    }

    private static void requireKnown(Path directory, List<String> classes, Path train) {
        List<String> others = new ArrayList<>(requireClasses(directory));
        others.removeAll(classes);
        check(others.isEmpty(), "%s: has the classes %s, which %s lacks", directory, Printable.of(others), train);
    }

    private static List<Labelled> labelled(Path root, List<String> classes) {
        List<Labelled> files = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            Path directory = root.resolve(classes.get(label));
            if (Files.isDirectory(directory)) {
                int number = label;
                members(directory).forEach(file -> files.add(new Labelled(file, number)));
            }
        }
        return files;
    }

    private static List<Path> members(Path directory) {
        List<Path> files = MediaFiles.below(directory);
        check(!files.isEmpty(), "%s: contains no images or videos", directory);
        return files;
    }
}
