package io.github.hiera4j.serve.answer;

import io.github.hiera4j.api.segment.EmbeddedImage;
import io.github.hiera4j.api.segment.HieraSegmenter;
import io.github.hiera4j.api.segment.Mask;
import io.github.hiera4j.api.segment.MaskFiles;
import io.github.hiera4j.api.segment.Prompt;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.ServedModel;
import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.ServerLimits;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.request.StageTimes;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.upload.Parameters;
import io.github.hiera4j.serve.upload.Upload;
import io.github.hiera4j.serve.upload.UploadedMedia;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Segments the objects at points and in boxes of an image. */
final class SegmentEndpoint implements Endpoint {
    private final Models models;
    private final ServerLimits limits;
    private final EmbeddedImages images = new EmbeddedImages();

    SegmentEndpoint(Models models, ServerLimits limits) {
        this.models = models;
        this.limits = limits;
    }

    @Override
    public Task task() {
        return Task.SEGMENT;
    }

    @Override
    public Set<String> parameters() {
        return new TreeSet<>(Set.of("model", "point", "box", "alternatives"));
    }

    @Override
    public void check(Parameters parameters) {
        parameters.text("model");
        PromptParameters.parse(parameters);
    }

    @Override
    public CompletableFuture<Answer> answer(Upload upload, Parameters parameters, Ticket ticket) {
        Prompt prompt = PromptParameters.parse(parameters);
        UploadedMedia media = new UploadedMedia(upload, limits);
        try (Models.Lease lease = models.choose(task(), parameters.text("model"), false)) {
            ServedModel model = lease.model();
            HieraSegmenter segmenter = model.segmenter().orElseThrow();
            ticket.checkWanted();
            StageTimes times = ticket.times();
            EmbeddedImage image = images.get(model, upload.content(), () -> {
                Rgb8Image pixels = media.image(ticket);
                return times.during(Stage.MODEL, () -> segmenter.embed(pixels));
            });
            List<Object> rows = new ArrayList<>();
            for (Mask mask : times.during(Stage.MODEL, () -> segmenter.segment(image, prompt))) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("file", upload.name());
                row.put("model", model.name());
                row.putAll(MaskFiles.coco(mask));
                rows.add(row);
            }
            return CompletableFuture.completedFuture(new Answer(rows, 1, 0));
        }
    }
}
