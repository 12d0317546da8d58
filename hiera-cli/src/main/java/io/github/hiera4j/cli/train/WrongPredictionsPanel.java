package io.github.hiera4j.cli.train;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.insight.attention.AttentionModel;
import io.github.hiera4j.api.insight.explain.Explainer;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.api.insight.picture.Pictures;
import io.github.hiera4j.api.insight.picture.Scale;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.TestTransform;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.optimize.Randomness;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.page.Picture;
import io.github.hiera4j.train.report.ReportPanel;
import io.github.hiera4j.train.report.ReportSubject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Shows where a classifier attended in wrongly predicted samples: attention rollout over all blocks, and Grad-CAM for the predicted
 * and for the true class. A clip is represented by its middle frame.
 */
final class WrongPredictionsPanel implements ReportPanel {
    private static final int MOST = 6;
    private static final double OPACITY = 0.6;

    @Override
    public void addTo(Page page, ReportSubject subject) {
        List<Evaluation.Prediction> wrong = subject.evaluation().map(Evaluation::samples).orElse(List.of()).stream()
                .filter(one -> one.rank() > 0)
                .toList();
        if (wrong.isEmpty()) {
            return;
        }
        page.subheading("Where the model attended in wrong predictions");
        try (Explainer explainer = Explainer.load(subject.weights(), LoadOptions.DEFAULT, null);
                AttentionModel attention = AttentionModel.load(subject.weights(), LoadOptions.DEFAULT)) {
            int[] chosen = EpochOrder.spread(Math.min(MOST, wrong.size()), wrong.size());
            page.pictureSets(IntStream.of(chosen)
                    .mapToObj(index -> pictures(subject, explainer, attention, wrong.get(index)))
                    .toList());
            page.paragraph("Light colours are large values; every map has its own scale.");
        } catch (HieraException unavailable) {
            page.paragraph("Not available: " + unavailable.getMessage());
        }
    }

    private static List<Picture> pictures(
            ReportSubject subject, Explainer explainer, AttentionModel attention, Evaluation.Prediction sample) {
        ClipChoice clip = ClipChoice.uniform(BatchPlans.sampler(subject.recipe().data(), subject.encoder()), 0);
        TestTransform transform = BatchPlans.testTransform(subject.recipe().data(), subject.encoder());
        List<Rgb8Image> frames = subject.dataset().validation().read(sample.sample(), clip);
        HostTensor view = view(subject, transform, frames);
        Rgb8Image shown = transform.pixels(frames.get(frames.size() / 2));
        List<String> names = subject.dataset().classNames();
        String label = names.get(sample.label());
        String predicted = names.get(sample.predicted());
        List<Picture> set = new ArrayList<>();
        set.add(new Picture(
                shown,
                "Sample of class " + label + ", predicted as " + predicted,
                Picture.Mark.WRONG,
                List.of("true: " + label, "predicted: " + predicted + ", " + Percent.of(sample.confidence()))));
        set.add(mapped(shown, attention.attend(view).rollout(null), "attention"));
        set.add(mapped(shown, explainer.gradCam(view, sample.predicted()).maps(), "Grad-CAM for " + predicted));
        set.add(mapped(shown, explainer.gradCam(view, sample.label()).maps(), "Grad-CAM for " + label));
        return set;
    }

    /** Returns normalised pixels {@code [1, 3, (T,) H, W]}, as in the evaluation. */
    private static HostTensor view(ReportSubject subject, TestTransform transform, List<Rgb8Image> frames) {
        List<Integer> size = subject.encoder().inputSize();
        int[] sizes = new int[size.size() + 2];
        sizes[0] = 1;
        sizes[1] = Rgb8Image.CHANNELS;
        for (int axis = 0; axis < size.size(); axis++) {
            sizes[axis + 2] = size.get(axis);
        }
        HostTensor view = HostTensor.allocate(DType.FLOAT32, Shape.of(sizes));
        transform.write(frames, view.floats(), 0, Randomness.of(0));
        return view;
    }

    private static Picture mapped(Rgb8Image shown, List<Grid> steps, String caption) {
        Grid map = steps.get(steps.size() / 2);
        Scale scale = Scale.amounts(caption, List.of(map));
        return Picture.of(Pictures.overlaid(shown, map, scale, OPACITY), caption, caption);
    }
}
