package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A misspelt word is the fault, whatever is missing because of it. */
class SuggestionsTest {
    @Test
    void aMisspeltOptionIsNamedBeforeTheMissingOne() {
        CommandRun run = CommandRun.of("classify", "x.png", "--wieghts", "w.pth");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualToIgnoringNewLines("hiera: unknown option '--wieghts'; did you mean '--weights'?"
                        + " (see 'hiera classify --help')");
    }

    @Test
    void aMisspeltOptionWithItsValueIsNamedWithoutIt() {
        assertThat(CommandRun.of("classify", "x.png", "--weights", "w", "--tpo=3")
                        .err())
                .contains("unknown option '--tpo'; did you mean '--top'?")
                .hasLineCount(1);
    }

    @Test
    void aMisspeltCommandIsNamed() {
        CommandRun run = CommandRun.of("clasify", "x.png");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("unknown command 'clasify'; did you mean 'classify'?")
                .hasLineCount(1);
    }

    @Test
    void whatResemblesNothingGetsNoSuggestion() {
        assertThat(CommandRun.of("classify", "x.png", "--zzzzzzzz").err())
                .contains("unknown option '--zzzzzzzz' (see")
                .hasLineCount(1);
    }

    @Test
    void aMissingOptionIsStillNamed() {
        assertThat(CommandRun.of("classify", "x.png").err())
                .contains("--weights")
                .hasLineCount(1);
    }

    @Test
    void distancesCountSwapsOnce() {
        assertThat(Suggestions.distance("wieghts", "weights")).isEqualTo(1);
        assertThat(Suggestions.distance("kitten", "sitting")).isEqualTo(3);
    }
}
