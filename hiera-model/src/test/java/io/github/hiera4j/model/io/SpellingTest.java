package io.github.hiera4j.model.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** For a mistyped name, the names that were probably meant are suggested. */
class SpellingTest {
    private static final List<String> NAMES =
            List.of("in1k-mae", "in1k-finetune", "in1k-finetune-huge", "small-mae", "small-finetune", "k400-mae");

    @Test
    void aSlipOfOneLetterNamesThatOneAlone() {
        assertThat(Spelling.near("in1k-finetun", NAMES)).containsExactly("in1k-finetune");
        assertThat(Spelling.near("in1k-mea", NAMES)).containsExactly("in1k-mae");
    }

    @Test
    void aBeginningNamesWhatBeginsWithIt() {
        assertThat(Spelling.near("smal", NAMES)).containsExactly("small-mae", "small-finetune");
        assertThat(Spelling.suggestion("smal", NAMES)).isEqualTo("; did you mean 'small-mae' or 'small-finetune'?");
    }

    @Test
    void whatIsFarFromAllNamesGetsNoSuggestion() {
        assertThat(Spelling.near("efficientnet", NAMES)).isEmpty();
        assertThat(Spelling.suggestion("x".repeat(100_000), NAMES)).isEmpty();
    }

    @Test
    void distancesCountSwapsOnce() {
        assertThat(Spelling.distance("wieghts", "weights")).isEqualTo(1);
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
    }
}
