package io.github.hiera4j.serve.answer;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OutOfMemoryException;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.ByteBudget;
import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.request.ServerLimits;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.schedule.Arrivals;
import io.github.hiera4j.serve.schedule.Workers;
import io.github.hiera4j.serve.upload.Parameters;
import io.github.hiera4j.serve.upload.Upload;
import io.github.hiera4j.serve.upload.Uploads;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.json.JsonMapper;

/** Processes the files of a request with the endpoint of its task, and writes the results as JSON lines. Thread-safe. */
public final class Answers {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Workers workers;
    private final Arrivals arrivals;
    private final Map<Task, Endpoint> endpoints = new LinkedHashMap<>();

    /**
     * Answers requests about files.
     *
     * @param models the served models
     * @param limits sizes, times and numbers of requests
     * @param workers threads that decode
     */
    public Answers(Models models, ServerLimits limits, Workers workers) {
        this.workers = workers;
        this.arrivals = models.arrivals();
        Views views = new Views(models, limits);
        List.of(
                        new ClassifyEndpoint(views),
                        new EmbedEndpoint(views),
                        new FeaturesEndpoint(views),
                        new SegmentEndpoint(models, limits),
                        new DetectEndpoint(models, limits),
                        new ReconstructEndpoint(models, limits),
                        new AttentionEndpoint(models, limits))
                .forEach(endpoint -> endpoints.put(endpoint.task(), endpoint));
    }

    /**
     * The body of a response: one JSON object per line, in the order of the files.
     *
     * @param views number of images, frames or crops that were computed
     * @param bytes size of large arrays in the rows
     */
    public record Body(List<Object> rows, int views, long bytes) {
        /**
         * Writes the lines.
         *
         * @param out receives the body
         * @throws java.io.IOException if the body cannot be written
         */
        public void writeTo(OutputStream out) throws IOException {
            for (Object row : rows) {
                out.write(JSON.writeValueAsBytes(row));
                out.write('\n');
            }
        }
    }

    /** The JSON object of a file that could not be processed, in a request with other files that could. */
    record Failure(String file, String error) {}

    /**
     * Answers a request.
     *
     * @param task the requested task
     * @param uploads the files and parameters of the request
     * @param memory the budget for large results
     * @param ticket the request's deadline and connection
     * @return the answer
     * @throws Refusal if its parameters are wrong, the server is busy, or the client has gone
     * @throws HieraException if none of its files could be processed: the failure of the first one
     */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // the outer future is flattened into the inner one, which is collected
    public Body answer(Task task, Uploads uploads, ByteBudget.Share memory, Ticket ticket) {
        Endpoint endpoint = endpoints.get(task);
        if (endpoint == null) {
            throw Refusal.of(404, "this server cannot %s", task.word());
        }
        Parameters parameters = new Parameters(uploads.parameters(), endpoint.parameters());
        endpoint.check(parameters);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        try {
            for (Upload upload : uploads.files()) {
                answers.add(start(endpoint, upload, parameters, ticket).thenCompose(answer -> answer));
            }
            return collect(uploads.files(), answers, memory, ticket);
        } catch (RuntimeException | Error failure) {
            ticket.cancel(); // the other files of a refused request are not needed either
            throw failure;
        }
    }

    /** Lets a worker decode a file; batches that it may share wait for it. */
    @SuppressWarnings("FutureReturnValueIgnored") // the same future, observed
    private CompletableFuture<CompletableFuture<Answer>> start(
            Endpoint endpoint, Upload upload, Parameters parameters, Ticket ticket) {
        if (!endpoint.sharesBatches()) {
            return workers.start(ticket, () -> endpoint.answer(upload, parameters, ticket));
        }
        Arrivals.Arrival arrival = arrivals.expect();
        try {
            CompletableFuture<CompletableFuture<Answer>> started =
                    workers.start(ticket, () -> endpoint.answer(upload, parameters, ticket));
            started.whenComplete((answer, failure) -> arrival.end());
            return started;
        } catch (RuntimeException | Error failure) {
            arrival.end();
            throw failure;
        }
    }

    private static Body collect(
            List<Upload> files, List<CompletableFuture<Answer>> answers, ByteBudget.Share memory, Ticket ticket) {
        List<Object> rows = new ArrayList<>();
        HieraException firstFailure = null;
        int answered = 0;
        int views = 0;
        long bytes = 0;
        for (int i = 0; i < files.size(); i++) {
            try {
                Answer answer = ticket.await(answers.get(i));
                memory.take(answer.bytes());
                bytes += answer.bytes();
                rows.addAll(answer.rows());
                views += answer.views();
                answered++;
            } catch (OutOfMemoryException failure) {
                throw failure;
            } catch (HieraException failure) {
                firstFailure = firstFailure == null ? failure : firstFailure;
                rows.add(new Failure(files.get(i).name(), failure.getMessage()));
            }
        }
        if (answered == 0 && firstFailure != null) {
            throw firstFailure;
        }
        return new Body(rows, views, bytes);
    }
}
