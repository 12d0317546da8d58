package io.github.hiera4j.serve.answer;

import io.github.hiera4j.detect.Detection;
import io.github.hiera4j.detect.DetectionRow;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.ServeSettings;
import io.github.hiera4j.serve.model.ServedModel;
import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.ServerLimits;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.upload.Parameters;
import io.github.hiera4j.serve.upload.Upload;
import io.github.hiera4j.serve.upload.UploadedMedia;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Finds objects in an image: class, box and mask of each. */
final class DetectEndpoint implements Endpoint {
    private static final double THRESHOLD = 0.5;

    private final Models models;
    private final ServerLimits limits;

    DetectEndpoint(Models models, ServerLimits limits) {
        this.models = models;
        this.limits = limits;
    }

    @Override
    public Task task() {
        return Task.DETECT;
    }

    @Override
    public Set<String> parameters() {
        return new TreeSet<>(Set.of("model", "threshold"));
    }

    @Override
    public void check(Parameters parameters) {
        parameters.text("model");
        threshold(parameters);
    }

    private static double threshold(Parameters parameters) {
        return parameters.number("threshold", THRESHOLD, ServeSettings.LOWEST_THRESHOLD, 1);
    }

    @Override
    public CompletableFuture<Answer> answer(Upload upload, Parameters parameters, Ticket ticket) {
        double threshold = threshold(parameters);
        UploadedMedia media = new UploadedMedia(upload, limits);
        try (Models.Lease lease = models.choose(task(), parameters.text("model"), false)) {
            ServedModel model = lease.model();
            HieraDetector detector = model.detector().orElseThrow();
            ticket.checkWanted();
            Rgb8Image image = media.image(ticket);
            ticket.checkWanted();
            List<Detection> found = ticket.times().during(Stage.MODEL, () -> detector.detect(image)).stream()
                    .filter(one -> one.score() > threshold)
                    .toList();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("file", upload.name());
            row.put("model", model.name());
            row.putAll(DetectionRow.of(image.height(), image.width(), found));
            return CompletableFuture.completedFuture(Answer.of(row, 1));
        }
    }
}
