package io.github.hiera4j.detect.action;

import io.github.hiera4j.detect.ava.AvaBox;
import io.github.hiera4j.detect.ava.AvaFrame;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.Dataset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A data set in AVA's layout: a directory with the files as they are published, and whole videos in {@code videos/}.
 *
 * <ul>
 *   <li>{@code train.csv}, {@code val.csv}: persons and their actions (or {@code ava_train_v2.2.csv}, …)
 *   <li>{@code labels.pbtxt}: names of the actions (or {@code ava_action_list_v2.2.pbtxt})
 *   <li>{@code evaluated.pbtxt}, optional: the actions that count (or {@code ava_action_list_v2.2_for_activitynet_2019.pbtxt})
 *   <li>{@code train_excluded.csv}, {@code val_excluded.csv}, optional: seconds that do not count
 *   <li>{@code train_boxes.csv}, {@code val_boxes.csv}, optional: persons that a detector found. In training they learn the actions
 *       of the ground truth that they overlap by 0.9 or more, or none; validation takes those with a score of 0.8 or more in place
 *       of the ground truth's boxes
 *   <li>{@code layout.json}, optional: {@code {"videos_start_at": 900}} where the videos are cut from that second on
 * </ul>
 *
 * @param root the directory
 * @param names of the actions by class id
 * @param evaluated class ids that count
 * @param train key frames to learn from
 * @param validation key frames to evaluate on
 * @param truth of the validation, all rows of its file whose videos are there
 * @param excluded frames of the validation that do not count
 * @param notes what was left out or assumed, in words
 */
public record AvaDataset(
        Path root,
        Map<Integer, String> names,
        Set<Integer> evaluated,
        List<KeyFrame> train,
        List<KeyFrame> validation,
        List<AvaBox> truth,
        Set<AvaFrame> excluded,
        List<String> notes) {

    /**
     * Copies the collections.
     *
     * @param root the directory
     * @param names of the actions by class id
     * @param evaluated class ids that count
     * @param train key frames to learn from
     * @param validation key frames to evaluate on
     * @param truth of the validation, all rows of its file whose videos are there
     * @param excluded frames of the validation that do not count
     * @param notes what was left out or assumed, in words
     */
    public AvaDataset {
        names = Map.copyOf(names);
        evaluated = Set.copyOf(evaluated);
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        truth = List.copyOf(truth);
        excluded = Set.copyOf(excluded);
        notes = List.copyOf(notes);
    }

    /** {@return outputs of a model of these actions: the largest class id} */
    public int actions() {
        return names.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** {@return the samples for training} */
    public Dataset samples() {
        String heldOut = validation.isEmpty() ? "nothing" : validation.size() + " key frames of val.csv";
        return Dataset.unlabelled(root.toString(), new KeyFrameSource(train), new KeyFrameSource(validation), heldOut);
    }

    /**
     * Reads the files of a data set; no video is opened.
     *
     * @param root the directory
     * @return the data set
     * @throws HieraException with file, line and field of the first fault; if no video is there
     */
    public static AvaDataset open(Path root) {
        return new AvaReading(root).read();
    }
}
