package io.github.hiera4j.cli.detect;

import io.github.hiera4j.detect.coco.CocoDataset;
import io.github.hiera4j.detect.coco.CocoReader;
import io.github.hiera4j.detect.coco.CocoResult;
import io.github.hiera4j.detect.coco.CocoResults;
import io.github.hiera4j.detect.evaluate.CocoEvaluation;
import io.github.hiera4j.detect.evaluate.CocoMetrics;
import io.github.hiera4j.detect.train.DetectionReport;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.report.TextFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Evaluates a COCO result file. */
@Command(
        name = "detect-evaluate",
        mixinStandardHelpOptions = true,
        description = "Evaluate COCO results: average precision and recall, identical to pycocotools.",
        footer = "Figures are 0 to 1; -1 means that there is no ground truth of that kind.")
public final class DetectEvaluateCommand implements Runnable {
    private static final List<String> NAMES = DetectionReport.NAMES;

    @Parameters(index = "0", paramLabel = "ANNOTATIONS.json", description = "Ground truth in COCO's layout.")
    Path annotations;

    @Parameters(index = "1", paramLabel = "RESULTS.json", description = "Detections in COCO's layout.")
    Path results;

    @Option(
            names = "--masks",
            description =
                    "Compare masks instead of boxes. If the results contain boxes, these determine the size class.")
    boolean masks;

    @Option(
            names = "--lenient",
            description = "Skip faulty annotations, with a message for each, instead of rejecting the file.")
    boolean lenient;

    @Option(names = "--classes", description = "Also print the AP of every category.")
    boolean classes;

    @Option(names = "--json", description = "Print one JSON object: summary and categories.")
    boolean json;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Write a page with a table and precision-recall curves of every category: DIR/report.html.")
    @Nullable
    Path out;

    @Option(names = "--time", description = "Print how long reading and evaluating took.")
    boolean time;

    @Spec
    CommandSpec spec;

    private double readSeconds;
    private double evaluateSeconds;

    @Override
    public void run() {
        long start = System.nanoTime();
        CocoDataset truth = lenient ? CocoReader.readLeniently(annotations) : CocoReader.read(annotations);
        PrintWriter err = spec.commandLine().getErr();
        truth.dropped().forEach(line -> err.println("hiera: left out: " + line));
        err.flush();
        List<CocoResult> detections = CocoResults.read(results);
        readSeconds = (System.nanoTime() - start) / 1e9;
        CocoMetrics metrics =
                CocoEvaluation.run(masks ? CocoEvaluation.Kind.MASKS : CocoEvaluation.Kind.BOXES, truth, detections);
        evaluateSeconds = (System.nanoTime() - start) / 1e9 - readSeconds;
        PrintWriter text = spec.commandLine().getOut();
        if (json) {
            text.println(JsonMapper.shared().writeValueAsString(object(truth, metrics)));
        } else {
            print(truth, metrics, text);
        }
        text.flush();
        if (out != null) {
            report(out, truth, metrics, err);
        }
    }

    private void report(Path directory, CocoDataset truth, CocoMetrics metrics, PrintWriter err) {
        TextFile.makeDirectory(directory);
        Path file = directory.resolve("report.html");
        String command = "hiera detect-evaluate " + annotations + " " + results + (masks ? " --masks" : "");
        DetectionReport.write(file, masks ? "masks" : "boxes", truth, metrics, command);
        err.println("report: " + file);
        err.flush();
    }

    private Map<String, Object> object(CocoDataset truth, CocoMetrics metrics) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("kind", masks ? "segm" : "bbox");
        object.put("images", truth.images().size());
        object.put("annotations", truth.annotations().size());
        double[] summary = metrics.summary();
        for (int i = 0; i < summary.length; i++) {
            object.put(NAMES.get(i).replace(" ", ""), summary[i]);
        }
        Map<String, Double> perCategory = new LinkedHashMap<>();
        for (int i = 0; i < truth.categories().size(); i++) {
            perCategory.put(String.valueOf(truth.categories().get(i).id()), metrics.averagePrecision(i));
        }
        object.put("categories", perCategory);
        if (time) {
            object.put("readSeconds", readSeconds);
            object.put("evaluateSeconds", evaluateSeconds);
        }
        return object;
    }

    private void print(CocoDataset truth, CocoMetrics metrics, PrintWriter text) {
        text.printf(
                Locale.ROOT,
                "%d images, %d annotations, %s%n",
                truth.images().size(),
                truth.annotations().size(),
                masks ? "masks" : "boxes");
        if (time) {
            text.printf(Locale.ROOT, "%.2f s reading, %.2f s evaluating%n", readSeconds, evaluateSeconds);
        }
        double[] summary = metrics.summary();
        for (int i = 0; i < summary.length; i++) {
            text.printf(Locale.ROOT, "%-10s %7s%n", NAMES.get(i), Percent.of(summary[i]));
        }
        if (classes) {
            for (int i = 0; i < truth.categories().size(); i++) {
                text.printf(
                        Locale.ROOT,
                        "%7s  %s%n",
                        Percent.of(metrics.averagePrecision(i)),
                        truth.categories().get(i).name());
            }
        }
    }
}
