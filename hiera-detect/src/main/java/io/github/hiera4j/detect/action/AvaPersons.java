package io.github.hiera4j.detect.action;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.action.KeyFrame.Person;
import io.github.hiera4j.detect.ava.AvaBox;
import io.github.hiera4j.detect.ava.AvaFrame;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.model.io.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Collects persons and their actions from the rows of AVA's files. */
final class AvaPersons {
    private static final double SAME_PERSON = 0.9;
    private static final int LONGEST_NAME = 200;

    private AvaPersons() {}

    /** Groups rows by frame; rows with the same box are one person. */
    static Map<AvaFrame, List<Person>> byFrame(List<AvaBox> rows, Set<AvaFrame> excluded) {
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
            scores.computeIfAbsent(row.frame(), frame -> new LinkedHashMap<>()).merge(key, row.score(), Math::max);
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

    /** Returns a detected person with the actions of the annotated person whose box overlaps most, if the IoU is at least 0.9. */
    static Person labelled(AvaBox row, List<Person> known) {
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

    /** Checks that boxes are fractions, names stay inside {@code videos/}, and actions are known. */
    static List<AvaBox> checked(Path file, List<AvaBox> rows, Map<Integer, String> names) {
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
                        box[i] >= -0.5 && box[i] <= 1.5, // boxes of detectors may slightly exceed the frame
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
}
