package io.github.hiera4j.cli.serve;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.serve.request.ServerLimits;
import picocli.CommandLine.Option;

/** The limits on requests. */
final class LimitOptions {
    @Option(
            names = "--max-request",
            paramLabel = "MB",
            description = "Maximum size of a request (default: ${DEFAULT-VALUE}).")
    int requestMegabytes = (int) (ServerLimits.DEFAULT.requestBytes() >> 20);

    @Option(
            names = "--max-pixels",
            paramLabel = "N",
            description = "Maximum pixels of an image or a video frame (default: ${DEFAULT-VALUE}).")
    long pixels = ServerLimits.DEFAULT.pixels();

    @Option(
            names = "--max-video",
            paramLabel = "TIME",
            description = "Maximum length of a video (default: ${DEFAULT-VALUE}).")
    String video = "10m";

    @Option(
            names = "--max-time",
            paramLabel = "TIME",
            description = "Maximum time from a request's first byte to its answer (default: ${DEFAULT-VALUE}).")
    String time = "30s";

    @Option(
            names = "--max-pending",
            paramLabel = "N",
            description =
                    "Maximum pending requests; more are rejected with 503 and Retry-After (default: ${DEFAULT-VALUE}).")
    int pending = ServerLimits.DEFAULT.pendingRequests();

    ServerLimits limits() {
        checkCall(
                requestMegabytes >= 1 && requestMegabytes <= 1024,
                "--max-request must be 1 to 1024, got %d",
                requestMegabytes);
        return ServerLimits.DEFAULT
                .withRequestBytes((long) requestMegabytes << 20)
                .withPixels(pixels)
                .withVideoLength(DurationText.parse("--max-video", video))
                .withTime(DurationText.parse("--max-time", time))
                .withPendingRequests(pending);
    }
}
