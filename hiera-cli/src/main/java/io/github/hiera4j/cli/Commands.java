package io.github.hiera4j.cli;

import io.github.hiera4j.cli.completion.CompletionCommand;
import io.github.hiera4j.cli.detect.ActionsCommand;
import io.github.hiera4j.cli.detect.ActionsEvaluateCommand;
import io.github.hiera4j.cli.detect.DetectCommand;
import io.github.hiera4j.cli.detect.DetectEvaluateCommand;
import io.github.hiera4j.cli.export.ExportCommand;
import io.github.hiera4j.cli.insight.AttentionCommand;
import io.github.hiera4j.cli.insight.ExplainCommand;
import io.github.hiera4j.cli.insight.MapCommand;
import io.github.hiera4j.cli.insight.PcaCommand;
import io.github.hiera4j.cli.insight.ReconstructCommand;
import io.github.hiera4j.cli.insight.SearchCommand;
import io.github.hiera4j.cli.insight.SimilarCommand;
import io.github.hiera4j.cli.insight.TimelineCommand;
import io.github.hiera4j.cli.ladder.CompareModelsCommand;
import io.github.hiera4j.cli.ladder.LadderCommand;
import io.github.hiera4j.cli.measure.BenchmarkCommand;
import io.github.hiera4j.cli.measure.DoctorCommand;
import io.github.hiera4j.cli.measure.ParityCommand;
import io.github.hiera4j.cli.media.ClassifyCommand;
import io.github.hiera4j.cli.media.EmbedCommand;
import io.github.hiera4j.cli.media.FeaturesCommand;
import io.github.hiera4j.cli.model.ConvertCommand;
import io.github.hiera4j.cli.model.FetchCommand;
import io.github.hiera4j.cli.model.InspectCommand;
import io.github.hiera4j.cli.model.ModelsCommand;
import io.github.hiera4j.cli.model.SummaryCommand;
import io.github.hiera4j.cli.quantize.QuantizeCommand;
import io.github.hiera4j.cli.scale.LaunchCommand;
import io.github.hiera4j.cli.scale.PlanCommand;
import io.github.hiera4j.cli.scale.ShardsCommand;
import io.github.hiera4j.cli.segment.SegmentCommand;
import io.github.hiera4j.cli.serve.ServeCommand;
import io.github.hiera4j.cli.train.ActionsTrainCommand;
import io.github.hiera4j.cli.train.CompareCommand;
import io.github.hiera4j.cli.train.DetectTrainCommand;
import io.github.hiera4j.cli.train.EvaluateCommand;
import io.github.hiera4j.cli.train.FinetuneCommand;
import io.github.hiera4j.cli.train.PretrainCommand;
import io.github.hiera4j.cli.train.ProbeCommand;
import io.github.hiera4j.cli.train.QuickstartCommand;
import io.github.hiera4j.cli.train.RecipeCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/**
 * The commands below {@code hiera}, in the order in which help lists them.
 *
 * <p>If the command line starts with the name of a command, only this command is built: building all of them would take a third of a second at the
 * start of a process.
 */
final class Commands {
    private static final Map<String, Class<?>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("classify", ClassifyCommand.class);
        ALL.put("embed", EmbedCommand.class);
        ALL.put("features", FeaturesCommand.class);
        ALL.put("segment", SegmentCommand.class);
        ALL.put("serve", ServeCommand.class);
        ALL.put("reconstruct", ReconstructCommand.class);
        ALL.put("attention", AttentionCommand.class);
        ALL.put("explain", ExplainCommand.class);
        ALL.put("pca", PcaCommand.class);
        ALL.put("similar", SimilarCommand.class);
        ALL.put("search", SearchCommand.class);
        ALL.put("map", MapCommand.class);
        ALL.put("timeline", TimelineCommand.class);
        ALL.put("models", ModelsCommand.class);
        ALL.put("fetch", FetchCommand.class);
        ALL.put("summary", SummaryCommand.class);
        ALL.put("inspect", InspectCommand.class);
        ALL.put("convert", ConvertCommand.class);
        ALL.put("quantize", QuantizeCommand.class);
        ALL.put("export", ExportCommand.class);
        ALL.put("parity", ParityCommand.class);
        ALL.put("benchmark", BenchmarkCommand.class);
        ALL.put("ladder", LadderCommand.class);
        ALL.put("compare-models", CompareModelsCommand.class);
        ALL.put("doctor", DoctorCommand.class);
        ALL.put("pretrain", PretrainCommand.class);
        ALL.put("finetune", FinetuneCommand.class);
        ALL.put("probe", ProbeCommand.class);
        ALL.put("evaluate", EvaluateCommand.class);
        ALL.put("detect", DetectCommand.class);
        ALL.put("detect-evaluate", DetectEvaluateCommand.class);
        ALL.put("detect-train", DetectTrainCommand.class);
        ALL.put("actions", ActionsCommand.class);
        ALL.put("actions-train", ActionsTrainCommand.class);
        ALL.put("actions-evaluate", ActionsEvaluateCommand.class);
        ALL.put("launch", LaunchCommand.class);
        ALL.put("plan", PlanCommand.class);
        ALL.put("shards", ShardsCommand.class);
        ALL.put("recipe", RecipeCommand.class);
        ALL.put("compare", CompareCommand.class);
        ALL.put("quickstart", QuickstartCommand.class);
        ALL.put("completion", CompletionCommand.class);
        ALL.put("help", HelpCommand.class);
    }

    private Commands() {}

    /**
     * Adds the command that is called, or all commands if help, completion or a suggestion for a misspelt name may need them.
     *
     * @param root the parent command
     * @param arguments the command-line arguments
     */
    static void addTo(CommandLine root, String... arguments) {
        Class<?> called = called(arguments);
        if (called == null) {
            ALL.forEach((name, command) -> add(root, name, command));
        } else {
            add(root, arguments[0], called);
        }
    }

    private static @Nullable Class<?> called(String... arguments) {
        Class<?> command = arguments.length == 0 ? null : ALL.get(arguments[0]);
        return command == HelpCommand.class || command == CompletionCommand.class ? null : command;
    }

    private static void add(CommandLine root, String name, Class<?> command) {
        root.addSubcommand(name, new CommandLine(command));
    }
}
