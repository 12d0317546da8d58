package io.github.hiera4j.train.report;

import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaeTarget;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.page.Picture;
import io.github.hiera4j.train.recipe.Recipe;
import java.util.List;

/** An autoencoder's reconstructions of held-out samples: masked, reconstructed and original pictures. */
public final class ReconstructionsPanel implements ReportPanel {
    private static final int MOST = 8;

    @Override
    public void addTo(Page page, ReportSubject subject) {
        int count = Math.min(MOST, subject.dataset().validation().size());
        if (subject.recipe().task() != Recipe.Task.MAE || count == 0) {
            return;
        }
        try (Checkpoint checkpoint = Checkpoint.open(subject.weights())) {
            if (checkpoint.config() instanceof MaeConfig autoencoder
                    && autoencoder.target() == MaeTarget.NORMALISED_PIXELS) {
                page.subheading("Masked, reconstructed and original held-out samples");
                Triptych triptych = new Triptych(
                        autoencoder,
                        subject.recipe().model().maskRatio(),
                        subject.recipe().data().pixelNormalisation());
                page.pictureSets(triptych
                        .reconstruct(checkpoint.weights(), batch(subject, count).pixels())
                        .stream()
                        .map(ReconstructionsPanel::pictures)
                        .toList());
            }
        }
    }

    private static Batch batch(ReportSubject subject, int count) {
        Dataset dataset = subject.dataset();
        BatchLoader.Plan plan =
                BatchPlans.test(subject.recipe().data().withBatchSize(count), subject.encoder(), dataset.validation());
        try (BatchLoader loader = new BatchLoader(1);
                BatchLoader.Batches batches = loader.epoch(
                        plan, EpochOrder.spread(count, dataset.validation().size()), 0, 0, 0)) {
            return batches.next();
        }
    }

    private static List<Picture> pictures(Triptych.Pictures pictures) {
        return List.of(
                Picture.of(pictures.masked(), "What the model saw: most patches are black", "masked"),
                Picture.of(pictures.reconstructed(), "The model's reconstruction", "reconstructed"),
                Picture.of(pictures.original(), "The original", "original"));
    }
}
