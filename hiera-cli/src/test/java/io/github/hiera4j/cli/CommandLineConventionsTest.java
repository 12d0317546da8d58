package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The rules that docs/command-line.md states for every command, including future ones. */
class CommandLineConventionsTest {
    /** Options with the same meaning in every command, with their short names. */
    private static final Map<String, String> SHORT =
            Map.of("--weights", "-w", "--out", "-o", "--batch", "-b", "--help", "-h", "--version", "-V");

    static Stream<CommandSpec> commands() {
        List<CommandSpec> all = new ArrayList<>();
        collect(Main.commandLine().getCommandSpec(), all);
        return all.stream();
    }

    private static void collect(CommandSpec command, List<CommandSpec> all) {
        all.add(command);
        command.subcommands().values().forEach(sub -> collect(sub.getCommandSpec(), all));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpAndADescription(CommandSpec command) {
        assertThat(command.optionsMap()).containsKey("--help");
        assertThat(command.usageMessage().description()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void sharedOptionsHaveTheSameShortNameEverywhere(CommandSpec command) {
        for (OptionSpec option : command.options()) {
            String expected = SHORT.get(option.longestName());
            List<String> names = List.of(option.names());
            if (expected != null) {
                assertThat(names).as(command.qualifiedName()).contains(expected);
            } else {
                assertThat(names).as(command.qualifiedName()).noneMatch(SHORT::containsValue);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void optionsAreWordsOfLowerCaseLettersAndDescribed(CommandSpec command) {
        for (OptionSpec option : command.options()) {
            assertThat(option.longestName()).as(command.qualifiedName()).matches("--[a-z0-9]+(-[a-z0-9]+)*");
            assertThat(option.description())
                    .as(command.qualifiedName() + " " + option)
                    .isNotEmpty();
        }
    }

    @Test
    void switchesAreSwitchesInEveryCommand() {
        Map<String, Boolean> takesValue = new LinkedHashMap<>();
        commands()
                .forEach(command -> command.options().forEach(option -> {
                    boolean takes = option.arity().max() > 0;
                    Boolean before = takesValue.putIfAbsent(option.longestName(), takes);
                    assertThat(before == null || before == takes)
                            .as(command.qualifiedName() + " " + option.longestName())
                            .isTrue();
                }));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpFitsEightyColumnsAndBreaksNoOption(CommandSpec command) {
        String help = command.commandLine().getUsageMessage(CommandLine.Help.Ansi.OFF);
        assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(help.lines())
                .noneMatch(line -> Pattern.compile("\\S-$").matcher(line).find());
        assertThat(help.lines()
                        .dropWhile(line -> !line.startsWith("Usage: "))
                        .takeWhile(line -> line.startsWith("Usage: ") || line.startsWith("     ")))
                .isNotEmpty()
                .allSatisfy(
                        line -> assertThat(line.chars().filter(c -> c == '[').count())
                                .as(line)
                                .isEqualTo(line.chars().filter(c -> c == ']').count()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void paragraphsHaveNoLineOfOneWordInTheirMiddle(CommandSpec command) {
        List<String> lines = command.commandLine()
                .getUsageMessage(CommandLine.Help.Ansi.OFF)
                .lines()
                .toList();
        for (int i = 0; i + 1 < lines.size(); i++) {
            boolean isLoneWord = !lines.get(i).isBlank() && !lines.get(i).contains(" ");
            assertThat(isLoneWord
                            && !lines.get(i + 1).isBlank()
                            && !lines.get(i).matches(".*[.:]"))
                    .as(lines.get(i))
                    .isFalse();
        }
    }

    /** The keys of compare and embed are explained in their own footers. */
    @ParameterizedTest
    @MethodSource("commands")
    void theKeysOfJsonObjectsAreExplained(CommandSpec command) {
        OptionSpec json = command.findOption("--json");
        if (json != null && json.description()[0].matches("(?i).*(one JSON object|one JSON file).*")) {
            String help = command.commandLine().getUsageMessage(CommandLine.Help.Ansi.OFF);
            assertThat(help.replaceAll("\\s+", " "))
                    .as(command.qualifiedName())
                    .containsPattern("(--json: \\w+|--json prints|object at the end: run)");
        }
    }

    @Test
    void bareHieraPrintsHelp() {
        CommandRun run = CommandRun.of();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: hiera", "classify", "compare", "completion");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clasify x.jpg",
                "classify x.jpg -w w --dtype float12",
                "classify x.jpg -w w --top 0",
                "classify x.jpg -w w --batch 0",
                "embed x.jpg -w w --batch none",
                "finetune --data d --out o --set epoch=3",
                "finetune --data d --out o --set mask_ratio=2",
                "finetune --data d --out o --recipe smal",
                "evaluate --data d --weights w --jsn",
                "evaluate --data d --weights w --dtype fp16",
                "evaluate --data d --weights w --recipe smal",
                "probe --data d --weights w --dtype int8",
                "recipe show nothing",
                "finetune --data d --out o --dtype int8",
                "finetune --data d --out o --dtype fp16",
                "finetune --data d --out o --model nothing",
                "finetune --data d --out o --batch 0",
                "finetune --data d --out o --threads -1",
                "inspect a b",
                "summary --model hiera_bas_224",
                "benchmark hiera_bas_224",
                "benchmark --backend none",
                "benchmark mvitv2_tiny --size 64",
                "ladder --width gigantic",
                "ladder --rung g",
                "ladder --size native",
                "ladder --dtype int8",
                "ladder --seconds -1",
                "ladder --video --width tiny",
                "compare-models mae_hiera_tiny_224",
                "compare-models hiera_tiny_224 vit_base_patch16_16x224",
                "convert formula:hiera_bas_224 x",
                "convert x y --dtype int8",
                "convert x y --keys timmy",
                "convert x y --size 64",
                "export x y",
                "fetch hiera_bas_224",
                "segment x.jpg -w w",
                "segment x.jpg -w w --automatic --json --dtype int8",
                "detect x.jpg -w w --dtype int8",
                "actions x.mp4 -w w --boxes b --dtype int8",
                "reconstruct x.jpg -w w --out o --dtype int8",
                "attention x.jpg -w w --out o --size native",
                "timeline x.mp4 -w w --out o --size native",
                "quickstart --task sleep",
                "embed x.jpg -w w --out x.csv",
                "compare one",
                "completion tcsh"
            })
    void aWrongCallIsOneLineAndExitCodeTwo(String call) {
        CommandRun run = CommandRun.of((Object[]) call.split(" "));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void completionNamesCommandsAndOptions(String shell) {
        CommandRun run = CommandRun.of("completion", shell);
        assertThat(run.exitCode()).isZero();
        for (String word : List.of("classify", "evaluate", "weights", "compare")) {
            assertThat(run.out().contains(word)).as(word).isTrue();
        }
    }

    @Test
    void fishCompletesTheCommandsOfACommand() {
        String script = CommandRun.of("completion", "fish").out();
        assertThat(script)
                .contains(
                        "-f -n '__fish_seen_subcommand_from recipe; and not __fish_seen_subcommand_from ",
                        "-n '__fish_seen_subcommand_from search; and __fish_seen_subcommand_from build' -s w -l weights")
                .doesNotContain("-n '__fish_seen_subcommand_from search' ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"embed", "features", "attention", "pca", "similar", "map", "reconstruct", "search"})
    void namesOfClassesAreNotOfferedWhereNoneIsPrinted(String command) {
        assertThat(CommandRun.of(command, "--help").out()).doesNotContain("--labels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify", "explain", "timeline", "evaluate"})
    void namesOfClassesAreOfferedWhereTheyArePrinted(String command) {
        assertThat(CommandRun.of(command, "--help").out()).contains("--labels");
    }
}
