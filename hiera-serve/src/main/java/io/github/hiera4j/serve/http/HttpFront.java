package io.github.hiera4j.serve.http;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OutOfMemoryException;
import io.github.hiera4j.serve.answer.Answers;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.request.ByteBudget;
import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.request.ServerLimits;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.request.StageTimes;
import io.github.hiera4j.serve.schedule.Workers;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The HTTP server: access control, limits on concurrent requests, and an orderly stop without losing a request. */
public final class HttpFront implements AutoCloseable {
    private static final int SPARE_THREADS = 16;
    private static final int LONGEST_HEADERS = 8 << 10;
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** Idle time after which a connection is closed while the server stops. */
    private static final Duration QUIET = Duration.ofMillis(300);

    private final ServerOptions options;
    private final Access access;
    private final AccessLog log;
    private final ServerMetrics metrics;
    private final ByteBudget budget;
    private final Workers workers;
    private final AtomicInteger limited = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong lastEnd = new AtomicLong(System.nanoTime());
    private final List<Route> routes;
    private final Javalin app;
    private volatile @Nullable WatchedConnector connector; // set while Javalin starts
    private volatile boolean stopping;

    /**
     * Starts to listen.
     *
     * @param options address, limits and access
     * @param models the served models
     * @param metrics the metrics to which the models also report
     * @throws HieraException if the token cannot be read, the address is taken, or the server would be open to the network
     *     without a token
     */
    public HttpFront(ServerOptions options, Models models, ServerMetrics metrics) {
        this.options = options;
        boolean loopback = isLoopback(options.host());
        if (!loopback && options.tokenFile().isEmpty() && !options.withoutToken()) {
            throw new HieraException("other machines can reach " + options.host()
                    + ": give a token with --token-file FILE, or serve anyone on the network with --without-token");
        }
        this.access = Access.of(options.tokenFile(), loopback);
        this.metrics = metrics;
        ServerLimits limits = options.limits();
        this.budget = new ByteBudget(limits.pendingBytes());
        this.workers = new Workers(options.workers(), Math.max(limits.pendingRequests(), limits.files()));
        this.routes =
                new Routes(models, limits, new Answers(models, limits, workers), metrics::text, () -> !stopping).all();
        this.log = new AccessLog(options.accessLog());
        metrics.show(models);
        metrics.gauge("hiera.requests.pending", "requests", "Requests in progress", limited::get);
        metrics.gauge("hiera.bodies", "bytes", "Memory held for requests", budget::taken);
        metrics.gauge("hiera.queue.files", "files", "Files waiting to be decoded", workers::waiting);
        metrics.gauge("hiera.log.dropped", "lines", "Lines dropped from the access log", log::dropped);
        this.app = Javalin.create(this::configure);
        try {
            app.start(options.host(), options.port());
        } catch (JavalinBindException taken) {
            close();
            throw new HieraException(
                    "cannot listen on " + options.host() + ":" + options.port() + ": the port is taken, or not allowed",
                    taken);
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            throw new HieraException(host + ": no such host; --host takes an address of this machine", unknown);
        }
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        QueuedThreadPool threads = new QueuedThreadPool(options.limits().pendingRequests() + SPARE_THREADS, 8);
        threads.setName("hiera-serve");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(HttpFront::configure);
        config.jetty.addConnector(this::connector);
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new HttpErrors());
            server.setStopTimeout(0);
        });
        config.routes.before(this::begin);
        config.routes.after(this::finish);
        for (Route route : routes) {
            config.routes.addHttpHandler(route.method(), route.path(), context -> run(route, context));
        }
        config.routes.exception(Exception.class, this::fail);
        config.routes.exception(HttpResponseException.class, this::fail);
        config.requestLogger.http(this::record);
    }

    private static void configure(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(LONGEST_HEADERS);
        http.setUriCompliance(UriCompliance.RFC3986);
    }

    private WatchedConnector connector(Server server, HttpConfiguration http) {
        WatchedConnector listening = new WatchedConnector(server, http);
        listening.setHost(options.host());
        listening.setPort(options.port());
        listening.setIdleTimeout(IDLE.toMillis());
        server.addBean(new NetworkConnectionLimit(options.limits().connections(), server));
        connector = listening;
        return listening;
    }

    /** {@return the port on which the server listens} */
    public int port() {
        return Objects.requireNonNull(connector).getLocalPort();
    }

    /** Runs before everything else: sets headers, and counts the requests that must be finished before the server stops. */
    private void begin(Context context) {
        Headers.ALL.forEach(context::header);
        underWay.incrementAndGet();
        Request.addCompletionListener(ServletContextRequest.getServletContextRequest(context.req()), failure -> {
            lastEnd.set(System.nanoTime());
            underWay.decrementAndGet();
        });
    }

    private void finish(Context context) {
        if (stopping) {
            context.header("Connection", "close");
        }
    }

    private void run(Route route, Context context) {
        context.attribute("route", route.path());
        try (Call call = new Call(context, options.limits(), budget)) {
            try {
                access.require(context, route.open());
                if (route.limited()) {
                    runLimited(route, call);
                } else {
                    route.action().answer(call);
                }
            } catch (RuntimeException failure) {
                fail(failure, call);
            } catch (OutOfMemoryError failure) {
                call.error(503, 1, "the server is out of memory: try again later, or with smaller files");
            }
        }
    }

    private void runLimited(Route route, Call call) {
        int most = options.limits().pendingRequests();
        try {
            if (limited.incrementAndGet() > most) {
                throw Refusal.busy("%d requests are already in progress: try again later", most);
            }
            route.action().answer(call);
        } finally {
            limited.decrementAndGet();
        }
    }

    private void fail(RuntimeException failure, Call call) {
        if (failure instanceof Refusal refusal) {
            call.error(refusal.status(), refusal.retryAfterSeconds(), refusal.getMessage());
        } else if (failure instanceof OutOfMemoryException memory) {
            call.error(503, 1, memory.getMessage());
        } else if (failure instanceof HieraException fault) {
            call.error(422, 0, fault.getMessage());
        } else {
            options.messages().accept("a request failed: " + failure);
            call.error(500, 0, "internal error: see the messages of the server");
        }
    }

    /** Handles requests that no route has answered: an unknown path or method, or a failure of the HTTP library. */
    private void fail(Exception failure, Context context) {
        try (Call call = new Call(context, options.limits(), budget)) {
            if (failure instanceof HttpResponseException known) {
                String message = known.getStatus() == 404
                        ? "there is nothing at this address: see /openapi.json"
                        : known.getStatus() == 405
                                ? "this address does not allow the method: see /openapi.json"
                                : "refused";
                call.error(known.getStatus(), 0, message);
            } else {
                options.messages().accept("a request failed: " + failure);
                call.error(500, 0, "internal error: see the messages of the server");
            }
        }
    }

    private void record(Context context, float milliseconds) {
        String route = context.attribute("route") instanceof String known ? known : "other";
        int status = context.statusCode();
        metrics.request(context.req().getMethod().toUpperCase(Locale.ROOT), route, status, Duration.ofNanos((long)
                (milliseconds * 1e6)));
        Map<Stage, Long> stages = context.attribute(Call.TIMES) instanceof StageTimes times ? times.nanos() : Map.of();
        metrics.stages(route, stages);
        int length = context.attribute(Call.LENGTH) instanceof Integer known ? known : -1;
        log.line(
                context.req().getRemoteAddr(),
                context.req().getMethod(),
                context.req().getRequestURI(),
                status,
                length,
                milliseconds,
                stages);
    }

    /**
     * Accepts no new connections, answers the requests that arrive on open ones and tells their clients to close them,
     * and stops once no request has arrived for a moment.
     */
    @Override
    public void close() {
        stopping = true;
        WatchedConnector listening = connector;
        if (listening != null) {
            listening.close();
        }
        awaitEnd();
        app.stop();
        workers.close();
        log.close();
        metrics.close();
    }

    private void awaitEnd() {
        long latest = System.nanoTime() + options.limits().time().toNanos() + TimeUnit.SECONDS.toNanos(5);
        long begin = System.nanoTime();
        try {
            while (System.nanoTime() < latest) {
                long quiet = System.nanoTime() - Math.max(begin, lastEnd.get());
                if (underWay.get() == 0 && quiet >= QUIET.toNanos()) {
                    return;
                }
                Thread.sleep(10);
            }
        } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
        }
    }
}
