package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.train.data.Dataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Detects the layout of a data set and opens it. These layouts are known:
 *
 * <ul>
 *   <li>{@code train/CLASS/} and {@code val/CLASS/} (ImageNet's), or only {@code CLASS/}, with images or videos at any depth
 *   <li>{@code train.csv} and {@code val.csv} with lines {@code path label} or {@code path,label} (Kinetics' lists)
 *   <li>{@code train.json}, {@code validation.json} and {@code labels.json} of Something-Something v2
 *   <li>{@code train2018.json} and {@code val2018.json} of iNaturalist (2017, 2018, 2019)
 *   <li>{@code places365_train_standard.txt}, {@code places365_val.txt} and {@code categories_places365.txt} of Places365
 *   <li>{@code train.csv} and {@code val.csv} with Kinetics' own columns {@code label,youtube_id,time_start,time_end}
 *   <li>{@code train-*.tar} and {@code val-*.tar}, or {@code name-{000..099}.tar}, with images or videos and {@code KEY.cls} or {@code KEY.json}
 *       (WebDataset)
 *   <li>for pretraining also any directory with images or videos at any depth, or a text file with one path per line
 * </ul>
 */
public final class Datasets {
    /** The layouts in words, for messages. */
    static final String LAYOUTS =
            "train/CLASS/*.jpg, CLASS/*.jpg, train.csv, train-*.tar, or Something-Something's train.json and"
                    + " labels.json";

    private Datasets() {}

    /**
     * Opens labelled data for training.
     *
     * @param root a directory, or a list with {@code path label} lines
     * @return the data set
     * @throws io.github.hiera4j.model.HieraException if no known layout is found; the message lists the known layouts
     */
    public static Dataset open(Path root) {
        Dataset dataset = labelled(root);
        check(dataset.train().size() > 0, "%s: has no training samples", root);
        return dataset;
    }

    private static Dataset labelled(Path root) {
        if (TarShards.isPresent(root)) {
            return TarShards.open(root);
        }
        if (isList(root)) {
            return PathLists.open(PathLists.directory(root), root);
        }
        Optional<Dataset> annotated = annotated(root, "train");
        if (annotated.isPresent()) {
            return annotated.get();
        }
        Optional<Path> list = PathLists.find(root, "train");
        return list.isPresent() ? PathLists.open(root, list.get()) : Folders.open(root);
    }

    /**
     * Opens data for pretraining, which reads no labels: a labelled layout, a directory with images or videos at any depth, or a text
     * file with one path per line. If the layout has no validation part, one file in ten is held out, but at most 1000.
     *
     * @param root the directory
     * @return the data set
     * @throws io.github.hiera4j.model.HieraException if there are no images or videos
     */
    public static Dataset openUnlabelled(Path root) {
        if (TarShards.isPresent(root)) {
            return TarShards.openUnlabelled(root);
        }
        if (isList(root)) {
            return PathLists.openUnlabelled(root);
        }
        Optional<Dataset> annotated = annotated(root, "train");
        if (annotated.isPresent()) {
            return annotated.get();
        }
        Optional<Path> list = PathLists.find(root, "train");
        return list.isPresent() ? PathLists.openUnlabelled(list.get()) : Folders.openUnlabelled(root);
    }

    /**
     * Opens labelled data for evaluation, as {@link Dataset#validation}: the validation part if present, otherwise the whole
     * directory or list. {@link Dataset#heldOut} tells which.
     *
     * @param root the directory
     * @return the data set
     * @throws io.github.hiera4j.model.HieraException if there is nothing to evaluate on
     */
    public static Dataset openForEvaluation(Path root) {
        Dataset dataset = evaluated(root);
        check(
                dataset.validation().size() > 0,
                "%s: has no validation samples: put some in its val directory or list",
                root);
        return dataset;
    }

    private static Dataset evaluated(Path root) {
        if (TarShards.isPresentForEvaluation(root)) {
            return TarShards.openForEvaluation(root);
        }
        if (isList(root)) {
            return PathLists.openForEvaluation(PathLists.directory(root), root);
        }
        Optional<Dataset> annotated = annotated(root, "val");
        if (annotated.isPresent()) {
            return annotated.get();
        }
        Optional<Path> list = PathLists.find(root, "val");
        if (list.isPresent()) {
            return PathLists.openForEvaluation(root, list.get());
        }
        return PathLists.find(root, "train").isPresent() ? labelled(root) : Folders.openForEvaluation(root);
    }

    /** Opens the layout of a published data set, whose annotations name every file. */
    private static Optional<Dataset> annotated(Path root, String part) {
        if (SomethingSomething.isPresent(root)) {
            return Optional.of(SomethingSomething.open(root));
        }
        if (INaturalist.isPresent(root, part)) {
            return Optional.of(INaturalist.open(root));
        }
        if (Places.isPresent(root)) {
            return Optional.of(Places.open(root));
        }
        return KineticsTable.isPresent(root, part) ? Optional.of(KineticsTable.open(root)) : Optional.empty();
    }

    /** Returns whether the data is a list and not a directory; fails if neither exists. */
    private static boolean isList(Path root) {
        check(
                Files.exists(root),
                "%s: no such directory; --data needs the directory of a data set, or a list of files",
                root);
        return !Files.isDirectory(root);
    }
}
