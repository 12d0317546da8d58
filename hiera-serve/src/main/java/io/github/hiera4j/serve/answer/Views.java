package io.github.hiera4j.serve.answer;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.ReadOptions;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.ServedModel;
import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.ServerLimits;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.upload.Parameters;
import io.github.hiera4j.serve.upload.Upload;
import io.github.hiera4j.serve.upload.UploadedMedia;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Computes the views of an upload in a model's batches. */
final class Views {
    /** Parameters of every endpoint that processes images and videos. */
    static final Set<String> PARAMETERS = Set.of("model", "clips", "crops", "stride");

    private final Models models;
    private final ServerLimits limits;

    Views(Models models, ServerLimits limits) {
        this.models = models;
        this.limits = limits;
    }

    /**
     * The outputs of the model for all views.
     *
     * @param outputs for each view, the outputs in the order in which they were requested
     * @param warnings problems of the upload that did not prevent a result
     */
    record Computed(List<List<HostTensor>> outputs, List<String> warnings) {
        /** Returns the mean of the first output over the views. */
        float[] average() {
            float[] mean = new float[outputs.get(0).get(0).elements()];
            for (List<HostTensor> view : outputs) {
                float[] values = view.get(0).toFloats();
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += values[i] / outputs.size();
                }
            }
            return mean;
        }
    }

    /** Creates an answer from a model and its outputs. */
    interface Finish {
        Answer answer(ServedModel model, Computed computed);
    }

    /** Returns the names of the outputs that a task needs from a model. */
    interface Outputs {
        List<String> of(ServedModel model);
    }

    static void check(Parameters parameters) {
        parameters.text("model");
        options(ReadOptions.DEFAULT, parameters);
    }

    private static ReadOptions options(ReadOptions own, Parameters parameters) {
        int crops = parameters.integer("crops", own.crops(), 1, 3);
        return own.toBuilder()
                .clips(parameters.integer("clips", own.clips(), 1, 100))
                .crops(crops == 2 ? 1 : crops)
                .stride(parameters.integer("stride", own.stride(), 1, 1000))
                .build();
    }

    /**
     * Decodes an upload and computes its views.
     *
     * @param single whether only the middle view is computed
     */
    CompletableFuture<Answer> compute(
            Task task,
            Upload upload,
            Parameters parameters,
            Ticket ticket,
            boolean single,
            Outputs outputs,
            Finish finish) {
        UploadedMedia media = new UploadedMedia(upload, limits);
        Models.Lease lease = models.choose(task, parameters.text("model"), media.isVideo());
        try {
            ServedModel model = lease.model();
            HieraBackbone backbone = model.backbone().orElseThrow();
            ReadOptions asked = options(backbone.readOptions(), parameters);
            ReadOptions options = single ? asked.withViews(1, 1) : asked;
            List<String> names = outputs.of(model);
            List<CompletableFuture<List<HostTensor>>> views = new ArrayList<>();
            List<String> readingWarnings = media.read(
                    ticket,
                    input -> backbone.prepare(input, options, view -> {
                        ticket.checkWanted();
                        views.add(model.submit(ticket, view, names));
                    }));
            List<String> warnings = Stream.concat(media.warnings().stream(), readingWarnings.stream())
                    .toList();
            return CompletableFuture.allOf(views.toArray(CompletableFuture[]::new))
                    .thenApply(done -> finish.answer(
                            model,
                            new Computed(
                                    views.stream().map(CompletableFuture::join).toList(), warnings)))
                    .whenComplete((answer, failure) -> lease.close());
        } catch (RuntimeException | Error failure) {
            lease.close();
            throw failure;
        }
    }
}
