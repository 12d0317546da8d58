package io.github.hiera4j.detect.train;

import io.github.hiera4j.detect.coco.LargeScaleJitter;
import io.github.hiera4j.detect.model.PictureInput;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.train.data.Placement;
import io.github.hiera4j.train.data.SampleTransform;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Applies large-scale jitter to a training image, normalises it and pads it with zeros.
 *
 * @param jitter the distribution of scales and crops
 * @param flip probability of mirroring
 * @param input the network's input
 */
record JitterTransform(LargeScaleJitter jitter, double flip, PictureInput input) implements SampleTransform {

    @Override
    public void write(List<Rgb8Image> frames, FloatBuffer target, int offset, RandomGenerator random) {
        writePlaced(frames, target, offset, random);
    }

    @Override
    public Optional<Placement> writePlaced(
            List<Rgb8Image> frames, FloatBuffer target, int offset, RandomGenerator random) {
        Rgb8Image image = frames.get(0);
        boolean mirrored = random.nextDouble() < flip;
        LargeScaleJitter.Plan plan =
                jitter.plan(image.height(), image.width(), mirrored, random.nextDouble(), random.nextDouble());
        if (plan.resizedHeight() < 1 || plan.resizedWidth() < 1) { // possible for extremely narrow images
            plan = jitter.plan(image.height(), image.width(), mirrored, 1, 0);
        }
        input.place(plan.apply(image), target, offset);
        return Optional.of(placement(plan));
    }

    /** Returns the square input of the network in pixels of the original image. */
    static Placement placement(LargeScaleJitter.Plan plan) {
        double perColumn = (double) plan.width() / plan.resizedWidth();
        double perRow = (double) plan.height() / plan.resizedHeight();
        double left = plan.left() * perColumn;
        double right = (plan.left() + plan.target()) * perColumn;
        return new Placement(
                plan.flip() ? plan.width() - right : left,
                plan.top() * perRow,
                plan.flip() ? plan.width() - left : right,
                (plan.top() + plan.target()) * perRow,
                plan.flip(),
                plan.target(),
                plan.target(),
                plan.width(),
                plan.height());
    }

    /** Returns the plan from which a placement was derived. */
    static LargeScaleJitter.Plan plan(Placement placement) {
        int target = placement.width();
        double perColumn = (placement.right() - placement.left()) / target;
        double perRow = (placement.bottom() - placement.top()) / target;
        double left = placement.mirrored() ? placement.frameWidth() - placement.right() : placement.left();
        return new LargeScaleJitter.Plan(
                placement.frameHeight(),
                placement.frameWidth(),
                placement.mirrored(),
                1,
                (int) Math.rint(placement.frameHeight() / perRow),
                (int) Math.rint(placement.frameWidth() / perColumn),
                (int) Math.rint(placement.top() / perRow),
                (int) Math.rint(left / perColumn),
                target);
    }
}
