package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.data.Dataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Opens {@code train*.tar} and {@code val*.tar} of a directory, or the tar files that a name with a range of numbers stands for:
 * {@code name-{000..099}.tar}.
 */
final class TarShards {
    private static final Pattern RANGE = Pattern.compile("(.*)\\{([0-9]{1,9})\\.\\.([0-9]{1,9})}(.*\\.tar)");
    private static final int MOST_SHARDS = 1_000_000;

    private TarShards() {}

    /** Returns whether a path is a directory of shards or a range of them. */
    static boolean isPresent(Path root) {
        return isRange(root) || (Files.isDirectory(root) && !training(root).isEmpty());
    }

    /** Returns the same for evaluation, where validation shards are sufficient. */
    static boolean isPresentForEvaluation(Path root) {
        return isPresent(root)
                || (Files.isDirectory(root) && !shards(root, "val").isEmpty());
    }

    static boolean isRange(Path root) {
        return RANGE.matcher(MediaFiles.name(root)).matches() && !Files.exists(root);
    }

    static Dataset open(Path root) {
        return open(root, true);
    }

    /** Opens shards without reading classes. */
    static Dataset openUnlabelled(Path root) {
        return open(root, false);
    }

    private static Dataset open(Path root, boolean labelled) {
        TarSource train = TarSource.open(training(root), labelled);
        TarSource held = TarSource.open(isRange(root) ? List.of() : shards(root, "val"), labelled);
        String heldOut = held.size() == 0 ? "nothing" : root.resolve("val*.tar").toString();
        return labelled
                ? new Dataset(root.toString(), ClassNames.numbered(directory(root), train), train, held, heldOut)
                : Dataset.unlabelled(root.toString(), train, held, heldOut);
    }

    static Dataset openForEvaluation(Path root) {
        List<Path> training = training(root);
        List<Path> evaluated = isRange(root) ? training : shards(root, "val");
        check(!evaluated.isEmpty(), "%s: has no validation samples: expected val-*.tar beside train-*.tar", root);
        TarSource samples = TarSource.open(evaluated, true);
        return new Dataset(
                root.toString(),
                training.isEmpty() || isRange(root)
                        ? ClassNames.numberedSubset(directory(root), samples)
                        : ClassNames.numbered(root, TarSource.open(training, true)),
                TarSource.open(List.of(), true),
                samples,
                "all of " + (isRange(root) ? root : root.resolve("val*.tar")));
    }

    private static List<Path> training(Path root) {
        return isRange(root) ? expand(root) : shards(root, "train");
    }

    private static List<Path> shards(Path root, String prefix) {
        return MediaFiles.files(root, prefix, ".tar");
    }

    /** Returns the directory of {@code classes.txt}. */
    private static Path directory(Path root) {
        return isRange(root) ? root.resolveSibling("") : root;
    }

    /** Returns the files of a range. All of them must exist: a missing one would change the order of an epoch. */
    private static List<Path> expand(Path root) {
        Matcher name = RANGE.matcher(MediaFiles.name(root));
        check(name.matches(), "%s: is not a range of tar files", root);
        int first = Integer.parseInt(name.group(2));
        int last = Integer.parseInt(name.group(3));
        check(
                first <= last && last - first < MOST_SHARDS,
                "%s: the range must ascend and have at most %d files",
                Printable.of(root.toString()),
                MOST_SHARDS);
        List<Path> files = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            String digits = String.format(Locale.ROOT, "%0" + name.group(2).length() + "d", number);
            Path file = root.resolveSibling(name.group(1) + digits + name.group(4));
            if (!Files.isRegularFile(file)) {
                throw new HieraException(file + ": no such file; " + MediaFiles.name(root) + " names it");
            }
            files.add(file);
        }
        return files;
    }
}
