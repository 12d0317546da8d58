package io.github.hiera4j.model.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rounding is tolerated, including pixels in a count that rounding moves across the threshold. */
class ParityResultTest {
    @ParameterizedTest
    @CsvSource({
        // pixels that differ, area, tolerance, allowed
        "0, 900, 5e-6, true",
        "1, 900, 5e-6, false",
        "2, 200000, 5e-6, true",
        "3, 200000, 5e-6, false",
        "2, 99000, 5e-6, false",
        "1, 200000, 1e-10, false",
        "0, 200000, 1e-10, true"
    })
    void areasAreExactButForTwoPixelsOfALargeMask(double pixels, double area, double tolerance, boolean allowed) {
        TensorDifference difference = new TensorDifference("point.area", pixels, pixels / area);
        assertThat(new ParityResult("case", List.of(difference), tolerance).ok())
                .isEqualTo(allowed);
    }
}
