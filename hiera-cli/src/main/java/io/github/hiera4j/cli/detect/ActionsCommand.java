package io.github.hiera4j.cli.detect;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;
import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.cli.options.EngineOptions;
import io.github.hiera4j.cli.options.PositiveInteger;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.detect.action.ActionClips;
import io.github.hiera4j.detect.action.HieraActions;
import io.github.hiera4j.detect.ava.AvaBox;
import io.github.hiera4j.detect.ava.AvaFiles;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.train.report.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Recognises the actions of the persons in a video. */
@Command(
        name = "actions",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Recognise what each person in a video does: at the seconds listed in a file of boxes, or at every"
                        + " whole second for the persons that a detector finds.",
        footer = {
            "BOXES.csv has lines video,second,x1,y1,x2,y2[,action,score], like AVA's files: video is the file",
            "name without its extension, boxes are fractions of the frame. Lines for other videos are ignored.",
            "The model is one trained with hiera actions-train."
        })
public final class ActionsCommand implements Runnable {
    private static final double CLIP_SECONDS = 2;

    @Parameters(index = "0", paramLabel = "VIDEO", description = "A video file.")
    Path video;

    @Option(
            names = {"-w", "--weights"},
            required = true,
            paramLabel = "W",
            description = "An action model's directory.")
    Path weights;

    @Option(
            names = "--boxes",
            paramLabel = "BOXES.csv",
            description = "The persons' boxes; alternatively, --detector finds them.")
    @Nullable
    Path boxes;

    @Option(
            names = "--detector",
            paramLabel = "W",
            description = "A detector that finds the persons at every whole second, instead of --boxes.")
    @Nullable
    Path detector;

    @Option(
            names = "--person",
            paramLabel = "CLASS",
            description = "The detector's class whose boxes are used (default: person).")
    String person = "person";

    @Option(
            names = "--person-threshold",
            paramLabel = "P",
            description = "Minimum detection score of a person (default: 0.8, as in the paper).")
    double personThreshold = 0.8;

    @Option(
            names = "--starts-at",
            paramLabel = "SECOND",
            description = "The second of BOXES.csv at which the video starts (default: 0).")
    double startsAt;

    @Option(
            names = "--top",
            converter = PositiveInteger.class,
            paramLabel = "N",
            description = "Number of actions to print for each person (default: 3).")
    int top = 3;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            description =
                    "Minimum probability for an action to be drawn (default: 0.5); the most likely one is always drawn.")
    double threshold = 0.5;

    @Option(names = "--json", description = "Print one JSON object per line for each person, with all actions.")
    boolean json;

    @Option(
            names = "--results",
            paramLabel = "OUT.csv",
            description = "Write every person and action in AVA's result format, for actions-evaluate.")
    @Nullable
    Path csv;

    @Option(names = "--draw", paramLabel = "DIR", description = "Write a clip with drawings for every key frame.")
    @Nullable
    Path draw;

    @Mixin
    EngineOptions engine;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        checkCall(top >= 1 && top <= 1000, "--top must be 1 to 1000, got %d", top);
        checkCall(threshold >= 0 && threshold <= 1, "--threshold must be 0 to 1, got %s", threshold);
        checkCall(startsAt >= 0 && startsAt <= 1e6, "--starts-at must be a second from 0, got %s", startsAt);
        checkCall((boxes == null) != (detector == null), "give the persons with either --boxes or --detector");
        checkCall(
                personThreshold >= 0 && personThreshold <= 1,
                "--person-threshold must be 0 to 1, got %s",
                personThreshold);
        CompileOptions compile = engine.floatingOptions();
        Output output = new Output(spec);
        String name = name(video);
        Map<Integer, List<double[]>> given = boxes == null ? Map.of() : persons(boxes, name, output);
        if (draw != null) {
            TextFile.makeDirectory(draw);
        }
        StringBuilder rows = new StringBuilder();
        List<List<String>> table = new ArrayList<>();
        try (HieraActions model = HieraActions.load(weights, engine.backend(), compile);
                VideoReader reader = VideoReader.open(video)) {
            Map<Integer, List<double[]>> persons = detector == null
                    ? given
                    : new PersonDetector(detector, person, personThreshold).find(reader, startsAt, compile);
            persons.forEach((second, corners) -> {
                List<HieraActions.Found> found = model.actions(reader, second - startsAt, corners);
                for (int i = 0; i < found.size(); i++) {
                    print(second, i + 1, found.get(i), output, table);
                    addRows(rows, name, second, found.get(i));
                }
                if (draw != null) {
                    Path clip = draw.resolve(String.format(Locale.ROOT, "%s_%04d.mp4", name, second));
                    ActionClips.write(reader, second - startsAt, CLIP_SECONDS, found, threshold, clip);
                    output.note("drawn: " + clip);
                }
            });
        }
        if (csv != null) {
            TextFile.write(csv, rows.toString());
        }
        if (!json) {
            output.table(List.of("second", "person", "action", "probability"), table);
        }
    }

    private static String name(Path video) {
        String file = String.valueOf(video.getFileName());
        int dot = file.lastIndexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }

    /** Returns the persons of this video by second. */
    private static Map<Integer, List<double[]>> persons(Path boxes, String name, Output output) {
        Map<Integer, List<double[]>> persons = new TreeMap<>();
        int others = 0;
        for (AvaBox row : AvaFiles.persons(boxes)) {
            double[] box = row.box();
            if (!row.frame().video().equals(name)) {
                others++;
            } else if (box != null) {
                List<double[]> known = persons.computeIfAbsent(row.frame().second(), second -> new ArrayList<>());
                if (known.stream().noneMatch(same -> java.util.Arrays.equals(same, box))) {
                    known.add(box); // a person with several actions has several lines
                }
            }
        }
        check(
                !persons.isEmpty(),
                "%s: has no line for the video '%s'; the first field must be the file name without its extension",
                boxes,
                name);
        if (others > 0) {
            output.note(others + " lines for other videos ignored");
        }
        return persons;
    }

    private void print(int second, int person, HieraActions.Found found, Output output, List<List<String>> table) {
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("video", video.toString());
            object.put("second", second);
            object.put("person", person);
            object.put("box", found.box());
            object.put("actions", found.actions());
            output.json(object);
            return;
        }
        for (HieraActions.Action action :
                found.actions().subList(0, Math.min(top, found.actions().size()))) {
            table.add(List.of(
                    String.valueOf(second),
                    String.valueOf(person),
                    action.name(),
                    String.format(Locale.ROOT, "%.3f", action.probability())));
        }
    }

    private static void addRows(StringBuilder rows, String name, int second, HieraActions.Found found) {
        double[] box = found.box();
        for (HieraActions.Action action : found.actions()) {
            rows.append(String.format(
                    Locale.ROOT,
                    "%s,%04d,%s,%s,%s,%s,%d,%s\n",
                    name,
                    second,
                    box[0],
                    box[1],
                    box[2],
                    box[3],
                    action.id(),
                    (float) action.probability()));
        }
    }
}
