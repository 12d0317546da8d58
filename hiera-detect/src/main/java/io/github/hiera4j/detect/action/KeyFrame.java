package io.github.hiera4j.detect.action;

import io.github.hiera4j.detect.ava.AvaFrame;
import java.nio.file.Path;
import java.util.List;

/**
 * A moment in a video, and the persons in it.
 *
 * @param video the file
 * @param frame the video name and the second, as in the data set's files
 * @param moment seconds from the start of the file
 * @param persons the persons whose actions are to be learned or recognised
 */
public record KeyFrame(Path video, AvaFrame frame, double moment, List<Person> persons) {
    /**
     * Copies the collections.
     *
     * @param video the file
     * @param frame the video name and the second, as in the data set's files
     * @param moment seconds from the start of the file
     * @param persons the persons whose actions are to be learned or recognised
     */
    public KeyFrame {
        persons = List.copyOf(persons);
    }

    /**
     * A person.
     *
     * @param box x1, y1, x2, y2 as fractions of the frame
     * @param actions class ids of the person's actions; empty if there are none, or if they are unknown
     * @param score score of the detector that found the person; 1 for ground truth
     */
    public record Person(double[] box, List<Integer> actions, double score) {
        /**
         * Copies the collections.
         *
         * @param box x1, y1, x2, y2 as fractions of the frame
         * @param actions class ids of the person's actions; empty if there are none, or if they are unknown
         * @param score score of the detector that found the person; 1 for ground truth
         */
        public Person {
            actions = List.copyOf(actions);
        }
    }
}
