package io.github.hiera4j.serve.answer;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.upload.Parameters;
import io.github.hiera4j.serve.upload.Upload;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Turns uploads into feature vectors. */
final class EmbedEndpoint implements Endpoint {
    private final Views views;

    EmbedEndpoint(Views views) {
        this.views = views;
    }

    /** The JSON object of one file. */
    record Row(String file, String model, float[] embedding, List<String> warnings) {}

    @Override
    public Task task() {
        return Task.EMBED;
    }

    @Override
    public boolean sharesBatches() {
        return true;
    }

    @Override
    public Set<String> parameters() {
        Set<String> all = new TreeSet<>(Views.PARAMETERS);
        all.add("normalize");
        return all;
    }

    @Override
    public void check(Parameters parameters) {
        Views.check(parameters);
        parameters.flag("normalize");
    }

    @Override
    public CompletableFuture<Answer> answer(Upload upload, Parameters parameters, Ticket ticket) {
        return views.compute(
                task(), upload, parameters, ticket, false, model -> List.of(Hiera.EMBEDDING), (model, computed) -> {
                    float[] vector = computed.average();
                    return Answer.of(
                            new Row(
                                    upload.name(),
                                    model.name(),
                                    parameters.flag("normalize") ? HieraBackbone.unit(vector) : vector,
                                    computed.warnings()),
                            computed.outputs().size());
                });
    }
}
