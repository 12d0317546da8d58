package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A misspelt word is reported in preference to arguments that are missing because of it. */
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

    @ParameterizedTest
    @ValueSource(strings = {"--wieghts w.pth classify x.png", "--wieghts", "--wieghts=w.pth", "--debug --wieghts w"})
    void aMisspeltOptionBeforeOrWithoutACommandIsNamed(String arguments) {
        CommandRun run = CommandRun.of((Object[]) arguments.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("hiera: unknown option '--wieghts'; did you mean '--weights'? (options follow the command)")
                .hasLineCount(1);
    }

    @Test
    void anOptionBeforeItsCommandIsNamed() {
        CommandRun run = CommandRun.of("--weights", "w.pth", "classify", "x.png");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("hiera: option '--weights' comes before the command (options follow the command)")
                .hasLineCount(1);
    }

    @Test
    void aMisspeltOptionOfTheRootIsNamed() {
        assertThat(CommandRun.of("--verison").err()).contains("unknown option '--verison'; did you mean '--version'?");
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
}
