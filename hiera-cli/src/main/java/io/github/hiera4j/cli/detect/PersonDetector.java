package io.github.hiera4j.cli.detect;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.Detection;
import io.github.hiera4j.detect.DetectorOptions;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.io.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the persons in a video with a detector, at every whole second.
 *
 * @param weights the detector's checkpoint
 * @param person name of the detector's class
 * @param threshold minimum score, 0 to 1
 */
record PersonDetector(Path weights, String person, double threshold) {

    /**
     * Returns the boxes by second, as fractions of the frame; seconds without a person are left out.
     *
     * @param startsAt the second at which the video starts
     * @throws io.github.hiera4j.model.HieraException if the detector has no such class, or finds nothing in the whole video
     */
    Map<Integer, List<double[]>> find(VideoReader video, double startsAt, CompileOptions options) {
        Map<Integer, List<double[]>> persons = new TreeMap<>();
        try (HieraDetector detector = HieraDetector.load(
                weights, DetectorOptions.DEFAULT.withCompile(options).withThreshold(threshold))) {
            check(
                    detector.classNames().contains(person),
                    "%s: has no class '%s': select one with --person, for example '%s'",
                    weights,
                    Printable.of(person),
                    Printable.of(detector.classNames().get(0)));
            double duration = video.info().duration();
            for (int second = (int) Math.ceil(startsAt); second - startsAt < duration; second++) {
                Rgb8Image frame = video.framesAt(second - startsAt).get(0);
                List<double[]> boxes = boxes(detector.detect(frame), frame);
                if (!boxes.isEmpty()) {
                    persons.put(second, boxes);
                }
            }
        }
        check(
                !persons.isEmpty(),
                "%s: found no '%s' with a score of at least %s: lower --person-threshold, or supply --boxes",
                weights,
                Printable.of(person),
                threshold);
        return persons;
    }

    private List<double[]> boxes(List<Detection> found, Rgb8Image frame) {
        List<double[]> boxes = new ArrayList<>();
        for (Detection object : found) {
            if (object.label().equals(person)) {
                boxes.add(new double[] {
                    share(object.x1(), frame.width()),
                    share(object.y1(), frame.height()),
                    share(object.x2(), frame.width()),
                    share(object.y2(), frame.height())
                });
            }
        }
        return boxes;
    }

    private static double share(double pixels, int side) {
        return Math.max(0, Math.min(1, pixels / side));
    }
}
