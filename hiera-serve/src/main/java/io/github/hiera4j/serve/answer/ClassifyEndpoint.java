package io.github.hiera4j.serve.answer;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.upload.Parameters;
import io.github.hiera4j.serve.upload.Upload;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Classifies uploads. */
final class ClassifyEndpoint implements Endpoint {
    private static final int MOST_CLASSES = 100_000;

    private final Views views;

    ClassifyEndpoint(Views views) {
        this.views = views;
    }

    /** The JSON object of one file. */
    record Row(
            String file, String model, List<Classification> predictions, double milliseconds, List<String> warnings) {}

    @Override
    public Task task() {
        return Task.CLASSIFY;
    }

    @Override
    public boolean sharesBatches() {
        return true;
    }

    @Override
    public Set<String> parameters() {
        Set<String> all = new TreeSet<>(Views.PARAMETERS);
        all.add("top");
        return all;
    }

    @Override
    public void check(Parameters parameters) {
        Views.check(parameters);
        top(parameters);
    }

    private static int top(Parameters parameters) {
        return parameters.integer("top", 5, 1, MOST_CLASSES);
    }

    @Override
    public CompletableFuture<Answer> answer(Upload upload, Parameters parameters, Ticket ticket) {
        long start = System.nanoTime();
        return views.compute(
                task(), upload, parameters, ticket, false, model -> List.of(Hiera.PROBABILITIES), (model, computed) -> {
                    HieraClassifier classifier = model.classifier().orElseThrow();
                    List<Classification> guesses = classifier.top(computed.average(), top(parameters));
                    return Answer.of(
                            new Row(upload.name(), model.name(), guesses, milliseconds(start), computed.warnings()),
                            computed.outputs().size());
                });
    }

    /** Milliseconds since the given time, rounded to two decimals. */
    static double milliseconds(long startNanos) {
        return Math.rint((System.nanoTime() - startNanos) / 1e4) / 100;
    }
}
