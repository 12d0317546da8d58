package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds out how a directory holds its data, and opens it. Four layouts are known:
 *
 * <ul>
 *   <li>{@code train/CLASS/*.jpg} and {@code val/CLASS/*.jpg} (ImageNet's), or {@code CLASS/*.jpg} alone, of which every tenth is
 *       held out; files may be pictures or videos
 *   <li>{@code train.csv} and {@code val.csv} with lines {@code path label} or {@code path,label} (Kinetics' lists)
 *   <li>{@code train.json}, {@code validation.json} and {@code labels.json} of Something-Something v2
 *   <li>{@code train-*.tar} and {@code val-*.tar} with {@code KEY.jpg} and {@code KEY.cls}
 * </ul>
 */
public final class Datasets {
    private static final int HELD_OUT_EVERY = 10;
    private static final List<String> MEDIA = List.of(
            ".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".mp4", ".webm", ".mkv", ".avi", ".mov");

    private Datasets() {}

    /** Opens a directory; throws a {@code HieraException} that says what was looked for. */
    public static Dataset open(Path root) {
        check(Files.isDirectory(root), "%s: no such directory; --data needs the directory of a data set", root);
        if (!files(root, name -> name.startsWith("train") && name.endsWith(".tar"))
                .isEmpty()) {
            return tarShards(root);
        }
        if (SomethingSomething.isPresent(root)) {
            return SomethingSomething.open(root);
        }
        Optional<Path> list = VideoLists.find(root, "train");
        if (list.isPresent()) {
            return VideoLists.open(root, list.get());
        }
        Path train = root.resolve("train");
        return Files.isDirectory(train) ? splitFolders(root, train) : oneFolder(root);
    }

    private static Dataset splitFolders(Path root, Path train) {
        Path validation = Files.isDirectory(root.resolve("val")) ? root.resolve("val") : root.resolve("validation");
        List<String> classes = classes(train);
        check(!classes.isEmpty(), "%s: expected one directory per class in it", train);
        if (Files.isDirectory(validation)) {
            List<String> others = new ArrayList<>(classes(validation));
            others.removeAll(classes);
            check(others.isEmpty(), "%s: has the classes %s, which %s lacks", validation, others, train);
        }
        List<FileSource.Labelled> held = Files.isDirectory(validation) ? labelled(validation, classes) : List.of();
        return new Dataset(root.toString(), classes, new FileSource(labelled(train, classes)), new FileSource(held));
    }

    private static Dataset oneFolder(Path root) {
        List<String> classes = classes(root);
        check(
                !classes.isEmpty(),
                "%s: expected train/CLASS/*.jpg, CLASS/*.jpg, train.csv, train-*.tar or Something-Something's"
                        + " train.json and labels.json in it",
                root);
        List<FileSource.Labelled> train = new ArrayList<>();
        List<FileSource.Labelled> held = new ArrayList<>();
        for (String name : classes) {
            List<FileSource.Labelled> files = labelled(root, List.of(name));
            for (int i = 0; i < files.size(); i++) {
                List<FileSource.Labelled> target = i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1 ? held : train;
                target.add(new FileSource.Labelled(files.get(i).path(), classes.indexOf(name)));
            }
        }
        return new Dataset(root.toString(), classes, new FileSource(train), new FileSource(held));
    }

    private static Dataset tarShards(Path root) {
        TarSource train = TarSource.open(files(root, name -> name.startsWith("train") && name.endsWith(".tar")));
        TarSource held = TarSource.open(files(root, name -> name.startsWith("val") && name.endsWith(".tar")));
        return new Dataset(root.toString(), numberedClasses(root, train), train, held);
    }

    /** Names for classes that the training samples number from 0. */
    static List<String> numberedClasses(Path root, SampleSource train) {
        int largest = -1;
        String where = "";
        for (int i = 0; i < train.size(); i++) {
            if (train.label(i) > largest) {
                largest = train.label(i);
                where = train.name(i);
            }
        }
        check(
                largest < train.size(),
                "%s: has the class number %d, but there are only %d training samples; classes are numbered from 0",
                where,
                largest,
                train.size());
        return classNames(root, largest + 1);
    }

    /** The lines of {@code classes.txt} where there is one, numbers otherwise. */
    private static List<String> classNames(Path root, int count) {
        Path file = root.resolve("classes.txt");
        if (!Files.isRegularFile(file)) {
            return Stream.iterate(0, i -> i + 1)
                    .limit(count)
                    .map(String::valueOf)
                    .toList();
        }
        try {
            List<String> names = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            check(names.size() >= count, "%s: names %d classes, the data has %d", file, names.size(), count);
            return names;
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be read: " + FileFault.reason(e), e);
        }
    }

    private static List<String> classes(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return List.copyOf(entries.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
        } catch (IOException e) {
            throw new HieraException(directory + ": cannot be listed: " + FileFault.reason(e), e);
        }
    }

    private static List<FileSource.Labelled> labelled(Path root, List<String> classes) {
        List<FileSource.Labelled> files = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            Path directory = root.resolve(classes.get(label));
            if (!Files.isDirectory(directory)) {
                continue;
            }
            int number = label;
            List<Path> members =
                    files(directory, name -> MEDIA.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith));
            check(!members.isEmpty(), "%s: holds no picture and no video", directory);
            members.forEach(file -> files.add(new FileSource.Labelled(file, number)));
        }
        return files;
    }

    /** Regular files of a directory whose names are accepted, sorted by name. */
    static List<Path> files(Path directory, Predicate<String> accepted) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(file -> accepted.test(file.getFileName().toString()))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new HieraException(directory + ": cannot be listed: " + FileFault.reason(e), e);
        }
    }
}
