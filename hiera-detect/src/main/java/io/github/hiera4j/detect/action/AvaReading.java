package io.github.hiera4j.detect.action;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.action.KeyFrame.Person;
import io.github.hiera4j.detect.ava.AvaBox;
import io.github.hiera4j.detect.ava.AvaFiles;
import io.github.hiera4j.detect.ava.AvaFrame;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Reads the files of a directory in AVA's layout: see {@link AvaDataset}. */
final class AvaReading {
    private static final List<String> VIDEO_ENDINGS = List.of(".mp4", ".mkv", ".webm", ".avi", ".mov");
    private static final List<String> VERSIONS = List.of("v2.2", "v2.1");
    private static final double SURE_PERSON = 0.8;
    private static final int MOST_PERSONS = 256;

    private final Path root;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Optional<Path>> videos = new LinkedHashMap<>();
    private double start;

    AvaReading(Path root) {
        this.root = root;
    }

    AvaDataset read() {
        check(Files.isDirectory(root), "%s: no such directory", root);
        start = startOfVideos();
        Path labels = required("labels.pbtxt", "ava_action_list_%s.pbtxt");
        Map<Integer, String> names = new TreeMap<>(AvaFiles.labelMap(labels));
        Set<Integer> evaluated = evaluated(names);
        Path trainFile = required("train.csv", "ava_train_%s.csv");
        List<AvaBox> trainRows = AvaPersons.checked(trainFile, AvaFiles.groundTruth(trainFile), names);
        Optional<Path> validationFile = optional("val.csv", "ava_val_%s.csv");
        List<AvaBox> truth = validationFile
                .map(file -> AvaPersons.checked(file, AvaFiles.groundTruth(file), names))
                .orElse(List.of());
        Set<AvaFrame> excluded = exclusions("val");
        List<KeyFrame> train = trainFrames(trainRows, exclusions("train"));
        List<KeyFrame> validation = validationFrames(truth, excluded);
        noteMissingVideos();
        check(
                !train.isEmpty() || !validation.isEmpty(),
                "%s: contains none of the videos named in its files; the first is %s.mp4",
                root.resolve("videos"),
                videos.isEmpty() ? "NAME" : videos.keySet().iterator().next());
        List<AvaBox> present = truth.stream()
                .filter(row -> video(row.frame().video()).isPresent())
                .toList();
        return new AvaDataset(root, names, evaluated, train, validation, present, excluded, notes);
    }

    private Set<Integer> evaluated(Map<Integer, String> names) {
        List<String> published = List.of("_for_activitynet_2019.pbtxt", "_for_activitynet_2018.pbtxt");
        Optional<Path> file = optional("evaluated.pbtxt", "ava_action_list_%s" + published.get(0))
                .or(() -> optional("evaluated.pbtxt", "ava_action_list_%s" + published.get(1)));
        Set<Integer> ids = file.map(path -> AvaFiles.labelMap(path).keySet()).orElse(names.keySet());
        for (int id : ids) {
            check(
                    names.containsKey(id),
                    "%s: contains the action %d, which is not in the label map",
                    file.map(Path::toString).orElse(""),
                    id);
        }
        return new TreeSet<>(ids);
    }

    private Set<AvaFrame> exclusions(String part) {
        return optional(part + "_excluded.csv", "ava_" + part + "_excluded_timestamps_%s.csv")
                .map(AvaFiles::exclusions)
                .orElse(Set.of());
    }

    private List<KeyFrame> trainFrames(List<AvaBox> rows, Set<AvaFrame> excluded) {
        Map<AvaFrame, List<Person>> persons = AvaPersons.byFrame(rows, excluded);
        optional("train_boxes.csv", "ava_train_predicted_boxes.csv").ifPresent(file -> {
            for (AvaBox row : AvaPersons.checked(file, AvaFiles.persons(file), Map.of())) {
                List<Person> known = persons.get(row.frame());
                if (known != null && row.box() != null) {
                    known.add(AvaPersons.labelled(row, known));
                }
            }
        });
        return frames(persons, "train.csv");
    }

    private List<KeyFrame> validationFrames(List<AvaBox> truth, Set<AvaFrame> excluded) {
        Optional<Path> file = optional("val_boxes.csv", "ava_detection_val_boxes_and_labels.csv");
        if (file.isEmpty()) {
            if (!truth.isEmpty()) {
                notes.add("no val_boxes.csv: actions are evaluated with the boxes of the ground truth");
            }
            return frames(AvaPersons.byFrame(truth, excluded), "val.csv");
        }
        List<AvaBox> sure = AvaPersons.checked(file.get(), AvaFiles.persons(file.get()), Map.of()).stream()
                .filter(row -> row.score() >= SURE_PERSON)
                .toList();
        return frames(AvaPersons.byFrame(sure, excluded), "val_boxes.csv");
    }

    private List<KeyFrame> frames(Map<AvaFrame, List<Person>> persons, String file) {
        List<KeyFrame> frames = new ArrayList<>();
        persons.forEach((frame, list) -> {
            check(
                    list.size() <= MOST_PERSONS,
                    "%s: %d persons at %s, second %d; expected at most %d",
                    file,
                    list.size(),
                    frame.video(),
                    frame.second(),
                    MOST_PERSONS);
            double moment = frame.second() - start;
            check(
                    moment >= 0,
                    "%s: second %d of %s is before the start of its video at %s",
                    file,
                    frame.second(),
                    frame.video(),
                    start);
            video(frame.video()).ifPresent(path -> frames.add(new KeyFrame(path, frame, moment, list)));
        });
        return frames;
    }

    private Optional<Path> video(String name) {
        return videos.computeIfAbsent(name, wanted -> {
            Path directory = Files.isDirectory(root.resolve("videos")) ? root.resolve("videos") : root;
            return VIDEO_ENDINGS.stream()
                    .map(ending -> directory.resolve(wanted + ending))
                    .filter(Files::isRegularFile)
                    .findFirst();
        });
    }

    private void noteMissingVideos() {
        List<String> missing = videos.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        if (!missing.isEmpty()) {
            notes.add(missing.size() + " of " + videos.size() + " videos are missing and are left out, the first is "
                    + missing.get(0));
        }
    }

    private double startOfVideos() {
        Path file = root.resolve("layout.json");
        if (!Files.isRegularFile(file)) {
            return 0;
        }
        JsonNode json = Json.readObject(file);
        Set<String> unknown = new LinkedHashSet<>(json.propertyNames());
        unknown.remove("videos_start_at");
        check(
                unknown.isEmpty(),
                "%s: unknown key '%s', expected videos_start_at",
                file,
                unknown.isEmpty() ? "" : Printable.of(unknown.iterator().next()));
        double value = json.path("videos_start_at").asDouble(Double.NaN);
        check(value >= 0 && value <= 1e6, "%s: videos_start_at must be a number of seconds from 0", file);
        return value;
    }

    private Path required(String name, String published) {
        return optional(name, published)
                .orElseThrow(() -> new MissingFileException(root.resolve(name) + ": no such file, nor "
                        + String.format(Locale.ROOT, published, VERSIONS.get(0))));
    }

    private Optional<Path> optional(String name, String published) {
        List<String> candidates = new ArrayList<>(List.of(name));
        for (String version : VERSIONS) {
            candidates.add(String.format(Locale.ROOT, published, version));
        }
        return candidates.stream()
                .map(root::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
