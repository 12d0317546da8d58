package io.github.hiera4j.serve.answer;

import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.serve.model.ServedModel;
import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.upload.Parameters;
import io.github.hiera4j.serve.upload.Upload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Returns the feature maps of stages, in spatial order; for a video, those of its middle clip. */
final class FeaturesEndpoint implements Endpoint {
    private static final int MOST_STAGES = 16;

    private final Views views;

    FeaturesEndpoint(Views views) {
        this.views = views;
    }

    /** The JSON object of one map; the values are row-major. */
    record Row(
            String file,
            String model,
            int stage,
            List<String> axes,
            int[] shape,
            float[] values,
            List<String> warnings) {}

    @Override
    public Task task() {
        return Task.FEATURES;
    }

    @Override
    public boolean sharesBatches() {
        return true;
    }

    @Override
    public Set<String> parameters() {
        Set<String> all = new TreeSet<>(Views.PARAMETERS);
        all.removeAll(Set.of("clips", "crops"));
        all.add("stage");
        return all;
    }

    @Override
    public void check(Parameters parameters) {
        Views.check(parameters);
        parameters.integer("stage", 1, MOST_STAGES);
    }

    @Override
    public CompletableFuture<Answer> answer(Upload upload, Parameters parameters, Ticket ticket) {
        Optional<Integer> wanted = parameters.integer("stage", 1, MOST_STAGES);
        return views.compute(
                task(),
                upload,
                parameters,
                ticket,
                true,
                model -> stages(model, wanted).stream().map(Hiera::stage).toList(),
                (model, computed) -> {
                    List<Object> rows = new ArrayList<>();
                    List<Integer> stages = stages(model, wanted);
                    long bytes = 0;
                    for (int i = 0; i < stages.size(); i++) {
                        HostTensor map = computed.outputs().get(0).get(i);
                        bytes += map.byteSize();
                        rows.add(new Row(
                                upload.name(),
                                model.name(),
                                stages.get(i),
                                model.isVideo() ? List.of("T", "H", "W", "C") : List.of("H", "W", "C"),
                                map.shape().sizes(),
                                map.toFloats(),
                                computed.warnings()));
                    }
                    return new Answer(rows, 1, bytes);
                });
    }

    private static List<Integer> stages(ServedModel model, Optional<Integer> wanted) {
        int count = model.backbone().orElseThrow().config().stages().size();
        if (wanted.isEmpty()) {
            return IntStream.rangeClosed(1, count).boxed().toList();
        }
        if (wanted.get() > count) {
            throw Refusal.of(400, "stage must be 1 to %d, got %d", count, wanted.get());
        }
        return List.of(wanted.get());
    }
}
