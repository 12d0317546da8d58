package io.github.hiera4j.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** If the first argument is the name of a command, only that command is built. */
class CommandsLookupTest {
    private static final CommandLine ALL = Main.commandLine();

    static Stream<String> names() {
        return ALL.getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aCommandAloneIsTheSameAsAmongAll(String name) {
        CommandLine among = requireNonNull(ALL.getSubcommands().get(name));
        CommandLine alone =
                requireNonNull(Main.commandLine(name, "--help").getSubcommands().get(name));
        assertThat(among.getCommandName()).isEqualTo(name);
        assertThat(alone.getUsageMessage(Ansi.OFF)).isEqualTo(among.getUsageMessage(Ansi.OFF));
        assertThat(alone.getSubcommands().keySet())
                .isEqualTo(among.getSubcommands().keySet());
    }

    @Test
    void onlyTheCommandThatIsCalledIsDescribed() {
        assertThat(Main.commandLine("classify", "embed").getSubcommands()).containsOnlyKeys("classify");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--help", "--debug", "help", "completion", "clasify", "@classify"})
    void allAreDescribedWhereAnyMayBeMeant(String first) {
        assertThat(Main.commandLine(first, "classify").getSubcommands().keySet())
                .isEqualTo(ALL.getSubcommands().keySet());
    }
}
