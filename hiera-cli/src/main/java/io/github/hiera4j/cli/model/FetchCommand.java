package io.github.hiera4j.cli.model;

import io.github.hiera4j.api.fetch.TransferListener;
import io.github.hiera4j.api.fetch.WeightFetcher;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.zoo.Licence;
import io.github.hiera4j.model.zoo.ModelHome;
import io.github.hiera4j.model.zoo.PublishedWeights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Downloads published weights. */
@Command(
        name = "fetch",
        mixinStandardHelpOptions = true,
        description = "Download published weights; afterwards --weights MODEL finds them.",
        footer = {
            "",
            "The only command that downloads anything. Files are stored in $HIERA_HOME/weights",
            "(default: hiera4j in the user's cache directory). To continue an interrupted",
            "download, repeat the command. Proxies: HIERA_JAVA_OPTIONS=",
            "'-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT'."
        })
public final class FetchCommand implements Runnable {
    @Parameters(arity = "1..*", paramLabel = "MODEL", description = "Names of published models: see hiera models.")
    List<String> models;

    @Option(
            names = "--base",
            paramLabel = "ADDRESS",
            defaultValue = "${env:HIERA_BASE:-}",
            description = "A mirror's directory instead of the official one (default: $HIERA_BASE).")
    String base;

    @Option(names = "--sha256", paramLabel = "HEX", description = "Expected SHA-256 digest of the file.")
    @Nullable
    String sha256;

    @Option(names = "--dry-run", description = "Show addresses, licence and target, and download nothing.")
    boolean dryRun;

    @Option(names = "--json", description = "Print one JSON object per line.")
    boolean json;

    @Spec
    CommandSpec spec;

    /** One model. */
    record Row(
            String model,
            String checkpoint,
            String address,
            String hub,
            String licence,
            String file,
            boolean present) {}

    @Override
    public void run() {
        Output output = new Output(spec);
        WeightFetcher fetcher = new WeightFetcher(ModelHome.ofEnvironment());
        fetcher = base.isBlank() ? fetcher : fetcher.from(base);
        fetcher = sha256 == null ? fetcher : fetcher.expecting(sha256);
        List<PublishedWeights> wanted = new ArrayList<>();
        models.forEach(model -> wanted.add(WrongCallException.check(() -> PublishedWeights.named(model))));
        Set<Licence> shown = EnumSet.noneOf(Licence.class);
        for (PublishedWeights weights : wanted) {
            if (!Files.exists(fetcher.file(weights)) && shown.add(weights.licence())) {
                showLicence(weights.licence(), output);
            }
        }
        for (PublishedWeights weights : wanted) {
            Path file = dryRun ? fetcher.file(weights) : fetcher.fetch(weights, new Lines(output, weights.name()));
            if (json || dryRun) {
                print(row(weights, fetcher, file), output);
            } else {
                output.line(file.toString());
            }
        }
    }

    private static void showLicence(Licence licence, Output output) {
        output.note("these weights are licensed " + licence.identifier() + ": " + licence.terms() + " ("
                + licence.address() + ")");
    }

    private static Row row(PublishedWeights weights, WeightFetcher fetcher, Path file) {
        return new Row(
                weights.name(),
                weights.checkpoint(),
                fetcher.address(weights),
                weights.hubRepository(),
                weights.licence().identifier(),
                file.toString(),
                Files.exists(file));
    }

    private void print(Row row, Output output) {
        if (json) {
            output.json(row);
            return;
        }
        output.line("model    " + row.model());
        output.line("address  " + row.address());
        output.line("hub      " + row.hub());
        output.line("licence  " + row.licence());
        output.line("file     " + row.file() + (row.present() ? " (there)" : ""));
    }

    /** Reports progress on separate lines, at every tenth of a file. */
    private static final class Lines implements TransferListener {
        private static final long STEP_WITHOUT_TOTAL = 64L << 20;

        private final Output output;
        private final String model;
        private long next;

        Lines(Output output, String model) {
            this.output = output;
            this.model = model;
        }

        @Override
        public void progress(long received, long total) {
            if (received < next) {
                return;
            }
            next = received + (total > 0 ? Math.max(1 << 20, total / 10) : STEP_WITHOUT_TOTAL);
            String share = total > 0
                    ? String.format(Locale.ROOT, " of %.1f MB (%d %%)", total / 1e6, 100 * received / total)
                    : " MB";
            output.note(String.format(Locale.ROOT, "%s: %.1f%s", model, received / 1e6, share));
        }

        @Override
        public void note(String message) {
            output.note(model + ": " + message);
        }
    }
}
