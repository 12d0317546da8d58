package io.github.hiera4j.serve.http;

import io.github.hiera4j.media.MediaMemory;
import io.github.hiera4j.serve.model.ModelListener;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.ServedModel;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.schedule.BatchListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The metrics of {@code GET /metrics}, in Prometheus' text format. Thread-safe. */
public final class ServerMetrics implements ModelListener {
    private static final Set<String> METHODS = Set.of("GET", "POST", "HEAD");
    private static final Duration[] LATENCIES = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };
    private static final Duration[] STAGE_TIMES = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };
    private static final double[] BATCHES = {1, 2, 4, 8, 16, 32, 64, 128};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Consumer<String> messages;

    /**
     * Creates metrics that count from zero.
     *
     * @param messages receives a line when a model was reloaded, or could not be
     */
    public ServerMetrics(Consumer<String> messages) {
        this.messages = messages;
        new JvmMemoryMetrics().bindTo(registry);
        gauge("hiera.media.native", "bytes", "Native memory of media being decoded", MediaMemory::liveNativeBytes);
    }

    /** Adds a gauge whose value is read on every request. */
    void gauge(String name, String unit, String description, Supplier<Number> value) {
        Gauge.builder(name, value).baseUnit(unit).description(description).register(registry);
    }

    /** Adds gauges for the memory and queue of each model. */
    void show(Models models) {
        for (ServedModel first : models.all()) {
            String name = first.name();
            Gauge.builder("hiera.model.native", () -> bytes(models, name))
                    .baseUnit("bytes")
                    .tag("model", name)
                    .description("Native memory that a model holds")
                    .register(registry);
            Gauge.builder("hiera.queue.views", () -> waiting(models, name))
                    .tag("model", name)
                    .description("Views waiting for a batch")
                    .register(registry);
        }
    }

    private static long bytes(Models models, String name) {
        return models.all().stream()
                .filter(model -> model.name().equals(name))
                .mapToLong(ServedModel::nativeBytes)
                .sum();
    }

    private static int waiting(Models models, String name) {
        return models.all().stream()
                .filter(model -> model.name().equals(name))
                .mapToInt(ServedModel::waiting)
                .sum();
    }

    /**
     * Counts a request.
     *
     * @param route the pattern of the route, never the actual path
     */
    void request(String method, String route, int status, Duration took) {
        Timer.builder("hiera.requests")
                .description("Time from a request's arrival to the end of its response")
                .tag("method", METHODS.contains(method) ? method : "other")
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .serviceLevelObjectives(LATENCIES)
                .register(registry)
                .record(took);
    }

    /**
     * Records the time of a request in each stage.
     *
     * @param route its pattern
     * @param nanos by stage
     */
    void stages(String route, Map<Stage, Long> nanos) {
        nanos.forEach((stage, time) -> Timer.builder("hiera.request.stage")
                .description("Time that a request spent in a stage of its processing")
                .tag("route", route)
                .tag("stage", stage.word())
                .serviceLevelObjectives(STAGE_TIMES)
                .register(registry)
                .record(Duration.ofNanos(time)));
    }

    @Override
    public BatchListener batches(String model) {
        DistributionSummary sizes = DistributionSummary.builder("hiera.batch.views")
                .description("Views in a batch")
                .tag("model", model)
                .serviceLevelObjectives(BATCHES)
                .register(registry);
        Timer waits = timer("hiera.batch.wait", "Time that a batch's first view waited", model);
        Timer runs = timer("hiera.batch.run", "Time to compute a batch", model);
        return (size, waitedNanos, ranNanos) -> {
            sizes.record(size);
            waits.record(Duration.ofNanos(waitedNanos));
            runs.record(Duration.ofNanos(ranNanos));
        };
    }

    private Timer timer(String name, String description, String model) {
        return Timer.builder(name)
                .description(description)
                .tag("model", model)
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
    }

    @Override
    public void noted(String model, String note) {
        messages.accept(model + ": " + note);
    }

    @Override
    public void reloaded(String model) {
        reloads(model, "success").increment();
        messages.accept(model + ": reloaded, because its file has changed");
    }

    @Override
    public void reloadFailed(String model, String reason) {
        reloads(model, "failure").increment();
        messages.accept(model + ": its file has changed but cannot be loaded; the previous model stays: " + reason);
    }

    private Counter reloads(String model, String result) {
        return Counter.builder("hiera.reloads")
                .description("Changed model files")
                .tag("model", model)
                .tag("result", result.toLowerCase(Locale.ROOT))
                .register(registry);
    }

    String text() {
        return registry.scrape();
    }

    void close() {
        registry.close();
    }
}
