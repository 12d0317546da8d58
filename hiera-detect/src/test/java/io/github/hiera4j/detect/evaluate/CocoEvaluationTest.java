package io.github.hiera4j.detect.evaluate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.detect.coco.CocoAnnotation;
import io.github.hiera4j.detect.coco.CocoCategory;
import io.github.hiera4j.detect.coco.CocoDataset;
import io.github.hiera4j.detect.coco.CocoImage;
import io.github.hiera4j.detect.coco.CocoResult;
import io.github.hiera4j.model.HieraException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CocoEvaluationTest {
    private static final CocoDataset TRUTH = new CocoDataset(
            Path.of("truth.json"),
            List.of(new CocoImage(1, "a.jpg", 100, 100)),
            List.of(new CocoCategory(7, "cat")),
            List.of(new CocoAnnotation(1, 1, 7, 10, 10, 20, 20, 400, false, null)),
            List.of());

    private static CocoResult result(long image, double score) {
        return new CocoResult(image, 7, score, new double[] {10, 10, 20, 20}, null);
    }

    @Test
    void noResultsAreAnError() {
        assertThatThrownBy(() -> CocoEvaluation.run(CocoEvaluation.Kind.BOXES, TRUTH, List.of()))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("no detections");
    }

    @Test
    void anUnknownImageIsAnError() {
        assertThatThrownBy(() -> CocoEvaluation.run(CocoEvaluation.Kind.BOXES, TRUTH, List.of(result(2, .5))))
                .hasMessageContaining("image 2 is not in truth.json");
    }

    @Test
    void aScoreThatIsNotANumberIsAnError() {
        assertThatThrownBy(() -> CocoEvaluation.run(CocoEvaluation.Kind.BOXES, TRUTH, List.of(result(1, Double.NaN))))
                .hasMessageContaining("finite score");
    }

    @Test
    void masksNeedGroundTruthWithASegmentation() {
        assertThatThrownBy(() -> CocoEvaluation.run(CocoEvaluation.Kind.MASKS, TRUTH, List.of(result(1, .5))))
                .hasMessageContaining("annotation 1: has no segmentation");
    }
}
