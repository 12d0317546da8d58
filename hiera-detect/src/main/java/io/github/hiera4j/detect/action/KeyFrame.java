package io.github.hiera4j.detect.action;

import io.github.hiera4j.detect.ava.AvaFrame;
import java.nio.file.Path;
import java.util.List;

/**
 * A moment of a video, and the persons in it.
 *
 * @param video the file
 * @param frame the video's name and the second, as the data set's files have them
 * @param moment seconds from the start of the file
 * @param persons whose actions are learnt or requested
 */
public record KeyFrame(Path video, AvaFrame frame, double moment, List<Person> persons) {
    /**
     * Copies the collections.
     *
     * @param video the file
     * @param frame the video's name and the second, as the data set's files have them
     * @param moment seconds from the start of the file
     * @param persons whose actions are learnt or requested
     */
    public KeyFrame {
        persons = List.copyOf(persons);
    }

    /**
     * A person.
     *
     * @param box x1, y1, x2, y2 as fractions of the frame
     * @param actions what they do, by class id; empty if they do none of them, or if it is not known
     * @param score of the detector that found them; 1 for ground truth
     */
    public record Person(double[] box, List<Integer> actions, double score) {
        /**
         * Copies the collections.
         *
         * @param box x1, y1, x2, y2 as fractions of the frame
         * @param actions what they do, by class id; empty if they do none of them, or if it is not known
         * @param score of the detector that found them; 1 for ground truth
         */
        public Person {
            actions = List.copyOf(actions);
        }
    }
}
