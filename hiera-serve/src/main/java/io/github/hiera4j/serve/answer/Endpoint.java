package io.github.hiera4j.serve.answer;

import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.upload.Parameters;
import io.github.hiera4j.serve.upload.Upload;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Implements {@code POST /v1/TASK} for one file. Thread-safe. */
interface Endpoint {
    Task task();

    /** Returns the names of its parameters. */
    Set<String> parameters();

    /**
     * Refuses invalid parameters before any file is read.
     *
     * @throws io.github.hiera4j.serve.request.Refusal with 400
     */
    void check(Parameters parameters);

    /** Returns whether views of decoded uploads wait in a queue to share batches with others. */
    default boolean sharesBatches() {
        return false;
    }

    /**
     * Decodes an upload on the calling thread and computes its result with a model.
     *
     * @throws io.github.hiera4j.model.HieraException if the upload cannot be read
     */
    CompletableFuture<Answer> answer(Upload upload, Parameters parameters, Ticket ticket);
}
