package io.github.hiera4j.serve.answer;

import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.api.insight.picture.Png;
import io.github.hiera4j.api.insight.reconstruct.Reconstruction;
import io.github.hiera4j.api.insight.reconstruct.Reconstructor;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.ServedModel;
import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.ServerLimits;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.upload.Parameters;
import io.github.hiera4j.serve.upload.Upload;
import io.github.hiera4j.serve.upload.UploadedMedia;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Hides part of an image or clip and shows the reconstruction by an autoencoder. */
final class ReconstructEndpoint implements Endpoint {
    private static final double LEAST = 0.02;
    private static final double MOST = 0.98;
    private static final int LARGEST_SEED = 999_999_999;

    private final Models models;
    private final ServerLimits limits;

    ReconstructEndpoint(Models models, ServerLimits limits) {
        this.models = models;
        this.limits = limits;
    }

    /**
     * The JSON object of one file. Pictures are PNG files in base 64, one per shown frame.
     *
     * @param errors rows of squared errors of each hidden patch, per shown frame; 0 where it was visible
     */
    record Row(
            String file,
            String model,
            double loss,
            double maskRatio,
            int seed,
            List<String> masked,
            List<String> reconstructed,
            List<String> pasted,
            List<String> original,
            List<List<float[]>> errors) {}

    @Override
    public Task task() {
        return Task.RECONSTRUCT;
    }

    @Override
    public Set<String> parameters() {
        return new TreeSet<>(Set.of("model", "mask-ratio", "seed", "as-predicted"));
    }

    @Override
    public void check(Parameters parameters) {
        parameters.text("model");
        ratio(parameters, LEAST);
        seed(parameters);
        parameters.flag("as-predicted");
    }

    private static double ratio(Parameters parameters, double fallback) {
        return parameters.number("mask-ratio", fallback, LEAST, MOST);
    }

    private static int seed(Parameters parameters) {
        return parameters.integer("seed", 0, 0, LARGEST_SEED);
    }

    @Override
    public CompletableFuture<Answer> answer(Upload upload, Parameters parameters, Ticket ticket) {
        UploadedMedia media = new UploadedMedia(upload, limits);
        Reconstructor.Inverse inverse = parameters.flag("as-predicted")
                ? Reconstructor.Inverse.AS_PREDICTED
                : Reconstructor.Inverse.OWN_STATISTICS;
        try (Models.Lease lease = models.choose(task(), parameters.text("model"), media.isVideo())) {
            ServedModel model = lease.model();
            double ratio = ratio(parameters, model.isVideo() ? 0.9 : 0.6);
            Row row = model.inside().orElseThrow().reconstructor(ticket, ratio, reconstructor -> {
                HostTensor view =
                        media.read(ticket, input -> reconstructor.model().view(input));
                ticket.checkWanted();
                Reconstruction result = ticket.times()
                        .during(Stage.MODEL, () -> reconstructor.reconstruct(view, inverse, seed(parameters)));
                return ticket.times()
                        .during(
                                Stage.ENCODE,
                                () -> row(upload, model, reconstructor.maskRatio(), seed(parameters), result));
            });
            return CompletableFuture.completedFuture(new Answer(List.of(row), 1, bytes(row)));
        }
    }

    private static Row row(Upload upload, ServedModel model, double ratio, int seed, Reconstruction result) {
        return new Row(
                upload.name(),
                model.name(),
                result.loss(),
                ratio,
                seed,
                encoded(result.masked()),
                encoded(result.predicted()),
                encoded(result.pasted()),
                encoded(result.original()),
                result.error().stream().map(Grid::toRows).toList());
    }

    private static List<String> encoded(List<Rgb8Image> pictures) {
        return pictures.stream()
                .map(picture -> Base64.getEncoder().encodeToString(Png.encode(picture)))
                .toList();
    }

    private static long bytes(Row row) {
        return List.of(row.masked(), row.reconstructed(), row.pasted(), row.original()).stream()
                .flatMap(List::stream)
                .mapToLong(String::length)
                .sum();
    }
}
