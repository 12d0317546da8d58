package io.github.hiera4j.detect.parity;

import io.github.hiera4j.model.HieraException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Compares detection's operations and evaluations with the figures of a golden file. */
public final class DetectionParity {
    private DetectionParity() {}

    /** Whether this class runs files of a kind. */
    public static boolean covers(String kind) {
        return kind.equals("detection_ops") || kind.equals("detection_evaluation");
    }

    /**
     * Every comparison of a file.
     *
     * @throws HieraException if the file lacks figures or holds impossible ones
     */
    public static List<Finding> run(JsonNode json) {
        Findings findings = new Findings();
        try {
            if (json.path("kind").asString("").equals("detection_ops")) {
                BoxOperations.run(json, findings);
                MaskOperationsParity.run(json, findings);
            } else if (json.has("sets")) {
                EvaluationParity.coco(json, findings);
            } else {
                EvaluationParity.ava(json, findings);
            }
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new HieraException("the figures have impossible sizes or numbers", e);
        }
        return findings.all();
    }

    /** The comparison that fails, or has the largest error. */
    public static Finding worst(List<Finding> findings) {
        return Findings.worst(findings);
    }
}
