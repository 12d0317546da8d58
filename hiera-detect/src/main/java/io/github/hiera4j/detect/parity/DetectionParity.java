package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.reference.ReferenceBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares operations and evaluations of detection with the figures of a golden file. */
public final class DetectionParity {
    private static final String DETECTOR = "detection";
    private static final Set<String> KINDS = Set.of("detection_ops", "detection_evaluation", "action_head", DETECTOR);

    private DetectionParity() {}

    /**
     * The comparisons with a file.
     *
     * @param caseName the case in the file
     * @param findings in the order of the file
     */
    public record Report(String caseName, List<Finding> findings) {
        /** {@return whether every comparison passed} */
        public boolean ok() {
            return findings.stream().allMatch(Finding::ok);
        }

        /** {@return a failed comparison, or the one with the largest error} */
        public Finding worst() {
            return Findings.worst(findings);
        }
    }

    /**
     * Runs a file if it is about detection, with networks on the reference engine.
     *
     * @param file the file
     * @return the report; empty for files of another kind, and for files that are not JSON objects
     * @throws HieraException if the file is about detection but figures are missing or invalid
     */
    public static Optional<Report> run(Path file) {
        return run(file, new ReferenceBackend(), CompileOptions.DEFAULT);
    }

    /**
     * Runs a file if it is about detection.
     *
     * @param file the file
     * @param backend runs the networks; operations and evaluations are plain Java
     * @param options precision, device and threads
     * @return the report; empty for files of another kind, and for files that are not JSON objects
     * @throws HieraException if the file is about detection but figures are missing or invalid
     */
    public static Optional<Report> run(Path file, Backend backend, CompileOptions options) {
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (JacksonException | IOException e) {
            return Optional.empty(); // the reader for other kinds reports the error
        }
        String kind = json.path("kind").asString("");
        if (!KINDS.contains(kind)) {
            return Optional.empty();
        }
        return Optional.of(new Report(json.path("case").asString(""), run(file, json, backend, options)));
    }

    private static List<Finding> run(Path file, JsonNode json, Backend backend, CompileOptions options) {
        Findings findings = new Findings();
        try {
            if (json.path("kind").asString("").equals("action_head")) {
                new ActionHeadParity(backend, options, findings).run(json);
            } else if (json.path("kind").asString("").equals("detection_ops")) {
                BoxOperations.run(json, findings);
                MaskOperationsParity.run(json, findings);
                LayerParity.run(json, backend, options, findings);
            } else if (json.path("kind").asString("").equals(DETECTOR)) {
                MaskRcnnCase detector = MaskRcnnCase.read(json);
                MaskRcnnParity.run(detector, backend, options, findings);
                if (backend.name().equals("torch")) {
                    MaskRcnnGradients.run(detector, options, false, findings);
                    MaskRcnnGradients.run(detector, options, true, findings);
                }
            } else if (json.has("sets")) {
                EvaluationParity.coco(json, findings);
            } else {
                EvaluationParity.ava(json, findings);
            }
        } catch (HieraException e) {
            throw new HieraException(file + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | JacksonException e) {
            throw new HieraException(file + ": the figures are incomplete or invalid", e);
        }
        check(!findings.all().isEmpty(), "%s: has no figures to compare", file);
        return findings.all();
    }
}
