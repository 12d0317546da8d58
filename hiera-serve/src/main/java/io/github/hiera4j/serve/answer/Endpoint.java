package io.github.hiera4j.serve.answer;

import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.upload.Parameters;
import io.github.hiera4j.serve.upload.Upload;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What {@code POST /v1/TASK} does with each file. Thread-safe. */
interface Endpoint {
    Task task();

    /** The parameters that it knows. */
    Set<String> parameters();

    /**
     * Refuses parameters that do not parse, before a file is looked at.
     *
     * @throws io.github.hiera4j.serve.request.Refusal with 400
     */
    void check(Parameters parameters);

    /** Whether its answer to an upload is under way once the upload is decoded, in a batch with others. */
    default boolean sharesBatches() {
        return false;
    }

    /**
     * Decodes an upload on the calling thread and has a model answer it.
     *
     * @throws io.github.hiera4j.model.HieraException if the upload cannot be read
     */
    CompletableFuture<Answer> answer(Upload upload, Parameters parameters, Ticket ticket);
}
