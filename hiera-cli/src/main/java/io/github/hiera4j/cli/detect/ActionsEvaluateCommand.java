package io.github.hiera4j.cli.detect;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.detect.ava.AvaFiles;
import io.github.hiera4j.detect.ava.AvaFrame;
import io.github.hiera4j.detect.evaluate.AvaEvaluation;
import io.github.hiera4j.train.metrics.Percent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evaluates detected actions. */
@Command(
        name = "actions-evaluate",
        mixinStandardHelpOptions = true,
        description = "Evaluate detected actions in AVA's layout: frame mAP at an IoU of 0.5.",
        footer = "Figures are 0 to 1. hiera actions --results writes such detections.")
public final class ActionsEvaluateCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "TRUTH.csv", description = "video,second,x1,y1,x2,y2,action,person")
    Path truth;

    @Parameters(index = "1", paramLabel = "DETECTIONS.csv", description = "video,second,x1,y1,x2,y2,action,score")
    Path detections;

    @Option(
            names = "--labels",
            required = true,
            paramLabel = "LABELS.pbtxt",
            description = "Label map of the actions to evaluate.")
    Path labels;

    @Option(names = "--excluded", paramLabel = "CSV", description = "Seconds to exclude, as lines video,second.")
    @Nullable
    Path excluded;

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            description = "Evaluation rule: slowfast, as in the paper's framework (default), or activitynet.")
    String rule = "slowfast";

    @Option(names = "--json", description = "Print one JSON object: mAP and every action.")
    boolean json;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        AvaEvaluation.Rule chosen = rule(rule);
        Map<Integer, String> names = AvaFiles.labelMap(labels);
        Set<AvaFrame> left = excluded == null ? Set.of() : AvaFiles.exclusions(excluded);
        checkCall(
                chosen == AvaEvaluation.Rule.SLOWFAST || left.isEmpty(),
                "the activitynet rule does not support excluded seconds: omit --excluded");
        AvaEvaluation.Result result = AvaEvaluation.run(
                chosen, AvaFiles.groundTruth(truth), AvaFiles.detections(detections), left, names.keySet());
        Output output = new Output(spec);
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("rule", chosen.name().toLowerCase(Locale.ROOT));
            object.put("frameMap", result.meanAveragePrecision());
            Map<String, Object> actions = new LinkedHashMap<>();
            result.classes().forEach((id, figures) -> actions.put(String.valueOf(id), figures));
            object.put("actions", actions);
            output.json(object);
            return;
        }
        output.line(String.format(
                Locale.ROOT,
                "frame mAP %s over %d actions with ground truth",
                Percent.of(result.meanAveragePrecision()),
                result.classes().size()));
        List<List<String>> rows = new ArrayList<>();
        result.classes()
                .forEach((id, figures) -> rows.add(List.of(
                        String.valueOf(id),
                        String.valueOf(names.get(id)),
                        String.valueOf(figures.groundTruths()),
                        String.valueOf(figures.detections()),
                        Percent.of(figures.averagePrecision()))));
        output.table(List.of("id", "action", "persons", "detections", "AP"), rows);
    }

    private static AvaEvaluation.Rule rule(String name) {
        for (AvaEvaluation.Rule rule : AvaEvaluation.Rule.values()) {
            if (rule.name().equalsIgnoreCase(name)) {
                return rule;
            }
        }
        throw new io.github.hiera4j.model.HieraException(
                "--rule must be slowfast or activitynet, got '" + io.github.hiera4j.model.io.Printable.of(name) + "'");
    }
}
