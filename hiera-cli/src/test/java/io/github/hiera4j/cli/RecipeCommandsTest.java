package io.github.hiera4j.cli;

import static io.github.hiera4j.cli.SmallTraining.assertFits;
import static io.github.hiera4j.cli.SmallTraining.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recipes, settings and data of the training commands, right and wrong. */
class RecipeCommandsTest {
    @TempDir
    private static Path directory;

    private static Path out(String name) {
        return directory.resolve(name);
    }

    @Test
    void settingsAreExplained() {
        CommandRun run = CommandRun.of("recipe", "settings");
        assertThat(run.lines()).contains("learning_rate = 0.002", "layer_decay = 0.9 (pretraining: 1.0)");
        assertFits(run);
    }

    @Test
    void recipesAreListedAndShownInFull() {
        assertThat(CommandRun.of("recipe", "list").lines()).contains("in1k-mae", "k400-finetune", "small-mae");
        CommandRun shown = CommandRun.of("recipe", "show", "k400-finetune");
        assertThat(shown.lines()).contains("test_clips: 5", "test_crops: 3", "layer_decay: 0.8");
    }

    @ParameterizedTest
    @CsvSource({
        "in1k-mea, did you mean 'in1k-mae'?",
        "small-finetune, recipe 'small-finetune' is for hiera finetune",
    })
    void aRecipeThatIsMistypedOrOfAnotherTaskIsRefused(String recipe, String message) {
        CommandRun run = CommandRun.of("pretrain", "--data", out("data"), "--out", out("no"), "--recipe", recipe);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message).hasLineCount(1);
        assertThat(out("no")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "lerning_rate=1, did you mean 'learning_rate'?",
        "test_crops=2, 'test_crops must be 1 or 3, got 2'",
        "epochs, 'expected key=value, got ''epochs'''",
    })
    void aSettingThatIsMistypedIsRefused(String setting, String message) {
        CommandRun run = CommandRun.of("finetune", "--data", out("data"), "--out", out("no"), "--set", setting);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pretrain", "finetune", "probe", "evaluate", "recipe", "quickstart"})
    void helpFitsEightyColumnsAndTellsDefaults(String command) {
        CommandRun run = CommandRun.of(command, "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(run.out()).doesNotContain("null", "${");
    }
}
