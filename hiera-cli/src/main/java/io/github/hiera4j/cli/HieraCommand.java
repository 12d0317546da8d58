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
import io.github.hiera4j.model.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all commands; without a subcommand it prints help. */
@Command(
        name = "hiera",
        mixinStandardHelpOptions = true,
        versionProvider = HieraCommand.VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Hiera, the hierarchical vision transformer, on the JVM.",
        subcommands = {
            ClassifyCommand.class,
            EmbedCommand.class,
            FeaturesCommand.class,
            SegmentCommand.class,
            ServeCommand.class,
            ReconstructCommand.class,
            AttentionCommand.class,
            ExplainCommand.class,
            PcaCommand.class,
            SimilarCommand.class,
            SearchCommand.class,
            MapCommand.class,
            TimelineCommand.class,
            ModelsCommand.class,
            FetchCommand.class,
            SummaryCommand.class,
            InspectCommand.class,
            ConvertCommand.class,
            QuantizeCommand.class,
            ExportCommand.class,
            ParityCommand.class,
            BenchmarkCommand.class,
            LadderCommand.class,
            CompareModelsCommand.class,
            DoctorCommand.class,
            PretrainCommand.class,
            FinetuneCommand.class,
            ProbeCommand.class,
            EvaluateCommand.class,
            DetectCommand.class,
            DetectEvaluateCommand.class,
            DetectTrainCommand.class,
            ActionsCommand.class,
            ActionsTrainCommand.class,
            ActionsEvaluateCommand.class,
            LaunchCommand.class,
            PlanCommand.class,
            ShardsCommand.class,
            RecipeCommand.class,
            CompareCommand.class,
            QuickstartCommand.class,
            CompletionCommand.class,
            HelpCommand.class
        })
final class HieraCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    boolean debug;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The text of {@code --version}. */
    static final class VersionProvider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"hiera " + Version.NAME};
        }
    }
}
