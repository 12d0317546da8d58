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
 * A data set in AVA's layout: a directory with the published files, and whole videos in {@code videos/}.
 *
 * <ul>
 *   <li>{@code train.csv}, {@code val.csv}: persons and their actions (or {@code ava_train_v2.2.csv}, …)
 *   <li>{@code labels.pbtxt}: names of the actions (or {@code ava_action_list_v2.2.pbtxt})
 *   <li>{@code evaluated.pbtxt}, optional: the actions to evaluate (or {@code ava_action_list_v2.2_for_activitynet_2019.pbtxt})
 *   <li>{@code train_excluded.csv}, {@code val_excluded.csv}, optional: seconds to exclude
 *   <li>{@code train_boxes.csv}, {@code val_boxes.csv}, optional: persons found by a detector. In training they get the actions of
 *       the annotated person that they overlap by 0.9 or more, or none; validation uses those with a score of 0.8 or more instead of
 *       the annotated boxes
 *   <li>{@code layout.json}, optional: {@code {"videos_start_at": 900}} if the videos are cut and start at that second
 * </ul>
 *
 * @param root the directory
 * @param names action names by class id
 * @param evaluated class ids to evaluate
 * @param train key frames to learn from
 * @param validation key frames to evaluate on
 * @param truth ground truth of the validation: all rows of its file whose videos exist
 * @param excluded frames excluded from the validation
 * @param notes messages about what was left out or assumed
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
     * @param names action names by class id
     * @param evaluated class ids to evaluate
     * @param train key frames to learn from
     * @param validation key frames to evaluate on
     * @param truth ground truth of the validation: all rows of its file whose videos exist
     * @param excluded frames excluded from the validation
     * @param notes messages about what was left out or assumed
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

    /** {@return the number of outputs of a model for these actions: the largest class id} */
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
     * @throws HieraException with file, line and field of the first fault; also if there are no videos
     */
    public static AvaDataset open(Path root) {
        return new AvaReading(root).read();
    }
}
