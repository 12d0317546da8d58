package io.github.hiera4j.detect.action;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.action.KeyFrame.Person;
import io.github.hiera4j.detect.ava.AvaBox;
import io.github.hiera4j.detect.ava.AvaFiles;
import io.github.hiera4j.detect.ava.AvaFrame;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.data.Dataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * A data set in AVA's layout: a directory with the files as they are published, and whole videos in {@code videos/}.
 *
 * <ul>
 *   <li>{@code train.csv}, {@code val.csv}: persons and their actions (or {@code ava_train_v2.2.csv}, …)
 *   <li>{@code labels.pbtxt}: names of the actions (or {@code ava_action_list_v2.2.pbtxt})
 *   <li>{@code evaluated.pbtxt}, optional: the actions that count (or {@code ava_action_list_v2.2_for_activitynet_2019.pbtxt})
 *   <li>{@code train_excluded.csv}, {@code val_excluded.csv}, optional: seconds that do not count
 *   <li>{@code train_boxes.csv}, {@code val_boxes.csv}, optional: persons that a detector found. In training they learn the actions
 *       of the ground truth that they overlap by 0.9 or more, or none; validation takes those with a score of 0.8 or more in place
 *       of the ground truth's boxes
 *   <li>{@code layout.json}, optional: {@code {"videos_start_at": 900}} where the videos are cut from that second on
 * </ul>
 *
 * @param root the directory
 * @param names of the actions by class id
 * @param evaluated class ids that count
 * @param train key frames to learn from
 * @param validation key frames to evaluate on
 * @param truth of the validation, all rows of its file whose videos are there
 * @param excluded frames of the validation that do not count
 * @param notes what was left out or assumed, in words
 */
public record AvaDataset(
        Path root,
        Map<Integer, String> names,
        Set<Integer> evaluated,
        List<KeyFrame> train,
        List<KeyFrame> validation,
        List<AvaBox> truth,
        Set<AvaFrame> excluded,
        List<String> notes) {
    private static final List<String> VIDEO_ENDINGS = List.of(".mp4", ".mkv", ".webm", ".avi", ".mov");
    private static final List<String> VERSIONS = List.of("v2.2", "v2.1");
    private static final double SAME_PERSON = 0.9;
    private static final double SURE_PERSON = 0.8;
    private static final int MOST_PERSONS = 256;
    private static final int LONGEST_NAME = 200;

    public AvaDataset {
        names = Map.copyOf(names);
        evaluated = Set.copyOf(evaluated);
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        truth = List.copyOf(truth);
        excluded = Set.copyOf(excluded);
        notes = List.copyOf(notes);
    }

    /** Outputs of a model of these actions: the largest class id. */
    public int actions() {
        return names.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** The samples for training. */
    public Dataset samples() {
        String heldOut = validation.isEmpty() ? "nothing" : validation.size() + " key frames of val.csv";
        return Dataset.unlabelled(root.toString(), new KeyFrameSource(train), new KeyFrameSource(validation), heldOut);
    }

    /**
     * Reads the files of a data set; no video is opened.
     *
     * @throws HieraException with file, line and field of the first fault; if no video is there
     */
    public static AvaDataset open(Path root) {
        return new Reading(root).read();
    }

    /** What is gathered while the files are read. */
    private static final class Reading {
        private final Path root;
        private final List<String> notes = new ArrayList<>();
        private final Map<String, Optional<Path>> videos = new LinkedHashMap<>();
        private double start;

        Reading(Path root) {
            this.root = root;
        }

        AvaDataset read() {
            check(Files.isDirectory(root), "%s: no such directory", root);
            start = startOfVideos();
            Path labels = required("labels.pbtxt", "ava_action_list_%s.pbtxt");
            Map<Integer, String> names = new TreeMap<>(AvaFiles.labelMap(labels));
            Set<Integer> evaluated = evaluated(names);
            Path trainFile = required("train.csv", "ava_train_%s.csv");
            List<AvaBox> trainRows = checked(trainFile, AvaFiles.groundTruth(trainFile), names);
            Optional<Path> validationFile = optional("val.csv", "ava_val_%s.csv");
            List<AvaBox> truth = validationFile
                    .map(file -> checked(file, AvaFiles.groundTruth(file), names))
                    .orElse(List.of());
            Set<AvaFrame> excluded = exclusions("val");
            List<KeyFrame> train = trainFrames(trainRows, exclusions("train"));
            List<KeyFrame> validation = validationFrames(truth, excluded);
            noteMissingVideos();
            check(
                    !train.isEmpty() || !validation.isEmpty(),
                    "%s: holds no video that its files name; the first would be %s.mp4",
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
            Set<Integer> ids =
                    file.map(path -> AvaFiles.labelMap(path).keySet()).orElse(names.keySet());
            for (int id : ids) {
                check(
                        names.containsKey(id),
                        "%s: names the action %d, which the label map lacks",
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
            Map<AvaFrame, List<Person>> persons = persons(rows, excluded);
            optional("train_boxes.csv", "ava_train_predicted_boxes.csv").ifPresent(file -> {
                for (AvaBox row : checked(file, AvaFiles.persons(file), Map.of())) {
                    List<Person> known = persons.get(row.frame());
                    if (known != null && row.box() != null) {
                        known.add(labelled(row, known));
                    }
                }
            });
            return frames(persons, "train.csv");
        }

        /** A detected person does what the one does whom it overlaps most. */
        private static Person labelled(AvaBox row, List<Person> known) {
            double[] box = Objects.requireNonNull(row.box());
            double best = 0;
            List<Integer> actions = List.of();
            for (Person person : known) {
                double overlap = Boxes.of(box).iou(Boxes.of(person.box()))[0][0];
                if (person.score() == 1 && overlap >= SAME_PERSON && overlap > best) {
                    best = overlap;
                    actions = person.actions();
                }
            }
            return new Person(box, actions, Math.min(row.score(), Math.nextDown(1.0)));
        }

        private List<KeyFrame> validationFrames(List<AvaBox> truth, Set<AvaFrame> excluded) {
            Optional<Path> file = optional("val_boxes.csv", "ava_detection_val_boxes_and_labels.csv");
            if (file.isEmpty()) {
                if (!truth.isEmpty()) {
                    notes.add("no val_boxes.csv: actions are evaluated in the boxes of the ground truth");
                }
                return frames(persons(truth, excluded), "val.csv");
            }
            List<AvaBox> sure = checked(file.get(), AvaFiles.persons(file.get()), Map.of()).stream()
                    .filter(row -> row.score() >= SURE_PERSON)
                    .toList();
            return frames(persons(sure, excluded), "val_boxes.csv");
        }

        /** Rows of one box are one person. */
        private static Map<AvaFrame, List<Person>> persons(List<AvaBox> rows, Set<AvaFrame> excluded) {
            Map<AvaFrame, Map<List<Double>, List<Integer>>> byFrame = new LinkedHashMap<>();
            Map<AvaFrame, Map<List<Double>, Double>> scores = new LinkedHashMap<>();
            for (AvaBox row : rows) {
                double[] box = row.box();
                if (box == null || excluded.contains(row.frame())) {
                    continue;
                }
                List<Double> key = Arrays.stream(box).boxed().toList();
                List<Integer> actions = byFrame.computeIfAbsent(row.frame(), frame -> new LinkedHashMap<>())
                        .computeIfAbsent(key, corners -> new ArrayList<>());
                if (row.action() > 0 && !actions.contains(row.action())) {
                    actions.add(row.action());
                }
                scores.computeIfAbsent(row.frame(), frame -> new LinkedHashMap<>())
                        .merge(key, row.score(), Math::max);
            }
            Map<AvaFrame, List<Person>> persons = new LinkedHashMap<>();
            byFrame.forEach((frame, boxes) -> {
                List<Person> list = new ArrayList<>();
                boxes.forEach((corners, actions) -> list.add(new Person(
                        corners.stream().mapToDouble(Double::doubleValue).toArray(),
                        actions,
                        Objects.requireNonNull(
                                Objects.requireNonNull(scores.get(frame)).get(corners)))));
                persons.put(frame, list);
            });
            return persons;
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
                        "%s: second %d of %s lies before the start of its video at %s",
                        file,
                        frame.second(),
                        frame.video(),
                        start);
                video(frame.video()).ifPresent(path -> frames.add(new KeyFrame(path, frame, moment, list)));
            });
            return frames;
        }

        /** Boxes are fractions, names stay inside {@code videos/}, actions are known. */
        private static List<AvaBox> checked(Path file, List<AvaBox> rows, Map<Integer, String> names) {
            for (AvaBox row : rows) {
                String video = row.frame().video();
                check(
                        isPlainName(video),
                        "%s: expected the name of a video without directories, got '%s'",
                        file,
                        Printable.of(video));
                double[] box = row.box();
                for (int i = 0; box != null && i < 4; i++) {
                    check(
                            box[i] >= -0.5 && box[i] <= 1.5, // detectors go a little beyond the edges
                            "%s: %s, second %d: expected a box in fractions of the frame, 0 to 1, got %s",
                            file,
                            video,
                            row.frame().second(),
                            box[i]);
                }
                check(
                        names.isEmpty() || box == null || names.containsKey(row.action()),
                        "%s: %s, second %d: the label map has no action %d",
                        file,
                        video,
                        row.frame().second(),
                        row.action());
            }
            return rows;
        }

        private static boolean isPlainName(String name) {
            return name.length() <= LONGEST_NAME
                    && !name.startsWith(".")
                    && name.chars().allMatch(c -> c >= ' ' && c != '/' && c != '\\' && c != ':' && c != 127);
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
                notes.add(missing.size() + " of " + videos.size() + " videos are not there and are left out, "
                        + missing.get(0) + " the first");
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
                            + String.format(java.util.Locale.ROOT, published, VERSIONS.get(0))));
        }

        private Optional<Path> optional(String name, String published) {
            List<String> candidates = new ArrayList<>(List.of(name));
            for (String version : VERSIONS) {
                candidates.add(String.format(java.util.Locale.ROOT, published, version));
            }
            return candidates.stream()
                    .map(root::resolve)
                    .filter(Files::isRegularFile)
                    .findFirst();
        }
    }
}
