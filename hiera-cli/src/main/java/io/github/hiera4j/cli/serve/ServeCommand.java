package io.github.hiera4j.cli.serve;

import io.github.hiera4j.api.LoadOptionsBuilder;
import io.github.hiera4j.api.segment.SegmenterOptions;
import io.github.hiera4j.cli.options.EngineOptions;
import io.github.hiera4j.cli.process.Interruption;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.detect.DetectorOptions;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.serve.HieraServer;
import io.github.hiera4j.serve.http.ServerOptions;
import io.github.hiera4j.serve.model.ModelFile;
import io.github.hiera4j.serve.model.ServeSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves models over HTTP until it is interrupted. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Serve models over HTTP: file uploads, the Open Inference Protocol, metrics, and a web page.",
        footer = {
            "Only this machine can reach the server unless --host is given. A line for each request is printed",
            "to standard output. After Ctrl-C or kill, pending requests are finished; a second one stops at once."
        })
public final class ServeCommand implements Callable<Integer> {
    @Option(
            names = {"-w", "--weights"},
            required = true,
            paramLabel = "[NAME=]W",
            description = "A checkpoint, or a directory with one. Repeatable. A file is reloaded when it changes.")
    List<String> weights;

    @Option(names = "--port", paramLabel = "N", description = "Port; 0 selects a free one (default: ${DEFAULT-VALUE}).")
    int port = 8080;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    String host = "127.0.0.1";

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Accept only requests with the token in this file (Authorization: Bearer TOKEN).")
    @Nullable
    Path tokenFile;

    @Option(
            names = "--without-token",
            description = "Serve other machines without a token: anyone on the network can use the server.")
    boolean withoutToken;

    @Option(
            names = "--max-batch",
            paramLabel = "N",
            description = "Maximum views per batch (default: ${DEFAULT-VALUE}).")
    int batch = ServeSettings.DEFAULT.largestBatch();

    @Option(
            names = "--max-delay",
            paramLabel = "TIME",
            description = "Maximum time that a view waits for others to fill a batch (default: ${DEFAULT-VALUE}).")
    String delay = "5ms";

    @Option(names = "--workers", paramLabel = "N", description = "Threads that decode uploads (default: one per core).")
    int workers = Math.min(256, Runtime.getRuntime().availableProcessors());

    @Mixin
    LimitOptions limits;

    @Option(names = "--no-access-log", description = "Do not print a line for each request.")
    boolean silent;

    @Mixin
    EngineOptions engine;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Output output = new Output(spec);
        ServerOptions options = options(output);
        ServeSettings settings = settings();
        List<ModelFile> files = weights.stream().map(ModelFile::parse).toList();
        CountDownLatch stop = new CountDownLatch(1);
        try (Interruption.Handle handle = Interruption.onRequest(stop::countDown);
                HieraServer server = HieraServer.start(files, settings, options)) {
            String names = String.join(", ", files.stream().map(ModelFile::name).toList());
            output.note("serving " + names + " on http://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                    + server.port() + "/");
            stop.await();
            output.note("stopping: finishing pending requests");
        }
        return 0;
    }

    private ServeSettings settings() {
        LoadOptionsBuilder load = engine.loadOptions();
        CompileOptions compile = engine.compileOptions();
        CompileOptions floating = // segmenters and detectors are not quantised
                compile.dtype() == DType.INT8 ? compile.withDtype(DType.FLOAT32) : compile;
        SegmenterOptions segmenter = SegmenterOptions.DEFAULT.withCompile(floating);
        DetectorOptions detector = ServeSettings.DEFAULT.detector().withCompile(floating);
        if (engine.backendName().isPresent()) {
            segmenter = segmenter.withBackend(engine.backendName().get());
            detector = detector.withBackend(engine.backendName().get());
        }
        return new ServeSettings(load.build(), segmenter, detector, batch, DurationText.parse("--max-delay", delay));
    }

    private ServerOptions options(Output output) {
        ServerOptions.Builder options = ServerOptions.builder()
                .host(host)
                .port(port)
                .workers(workers)
                .limits(limits.limits())
                .messages(output::note);
        if (tokenFile != null) {
            options.tokenFile(tokenFile);
        }
        if (withoutToken) {
            options.withoutToken();
        }
        if (!silent) {
            options.accessLog(spec.commandLine().getOut());
        }
        return options.build();
    }
}
