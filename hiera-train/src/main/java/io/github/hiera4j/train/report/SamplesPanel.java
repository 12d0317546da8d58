package io.github.hiera4j.train.report;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.TestTransform;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.page.Picture;
import io.github.hiera4j.train.page.Picture.Mark;
import java.util.ArrayList;
import java.util.List;

/** Samples with wrong predictions and some with right ones, as the model saw them. */
public final class SamplesPanel implements ReportPanel {
    private static final int EACH = 12;

    @Override
    public void addTo(Page page, ReportSubject subject) {
        subject.evaluation().ifPresent(evaluation -> {
            List<Evaluation.Prediction> all = evaluation.samples();
            List<Evaluation.Prediction> wrong =
                    all.stream().filter(one -> one.rank() > 0).toList();
            List<Evaluation.Prediction> right =
                    all.stream().filter(one -> one.rank() == 0).toList();
            group(page, subject, "Wrong predictions", wrong);
            group(page, subject, "Right predictions", right);
        });
    }

    private static void group(Page page, ReportSubject subject, String title, List<Evaluation.Prediction> samples) {
        List<Evaluation.Prediction> chosen = spread(samples);
        if (chosen.isEmpty()) {
            return;
        }
        boolean whole = chosen.size() == samples.size();
        page.subheading(title + (whole ? " (" : " (" + chosen.size() + " of ") + samples.size() + ")");
        ClipChoice clip = ClipChoice.uniform(BatchPlans.sampler(subject.recipe().data(), subject.encoder()), 0);
        TestTransform transform = BatchPlans.testTransform(subject.recipe().data(), subject.encoder());
        page.pictures(chosen.stream()
                .map(sample -> picture(subject, clip, transform, sample))
                .toList());
    }

    private static List<Evaluation.Prediction> spread(List<Evaluation.Prediction> samples) {
        List<Evaluation.Prediction> chosen = new ArrayList<>();
        int count = Math.min(EACH, samples.size());
        for (int i = 0; i < count; i++) {
            chosen.add(samples.get((int) ((long) i * samples.size() / count)));
        }
        return chosen;
    }

    private static Picture picture(
            ReportSubject subject, ClipChoice clip, TestTransform transform, Evaluation.Prediction sample) {
        List<Rgb8Image> frames = subject.dataset().validation().read(sample.sample(), clip);
        List<String> names = subject.dataset().classNames();
        String label = names.get(sample.label());
        String predicted = names.get(sample.predicted());
        boolean right = sample.rank() == 0;
        return new Picture(
                transform.pixels(frames.get(frames.size() / 2)),
                "Sample of class " + label + ", predicted as " + predicted,
                right ? Mark.RIGHT : Mark.WRONG,
                List.of("true: " + label, "predicted: " + predicted + ", " + Percent.of(sample.confidence())));
    }
}
