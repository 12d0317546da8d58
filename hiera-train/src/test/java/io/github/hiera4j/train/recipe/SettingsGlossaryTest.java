package io.github.hiera4j.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsGlossaryTest {
    @Test
    void everySettingIsExplained() {
        assertThat(SettingsGlossary.all().stream().map(SettingsGlossary.Setting::key))
                .containsExactlyInAnyOrderElementsOf(
                        RecipeSettings.of(Recipes.named("small-mae")).keySet());
        assertThat(SettingsGlossary.all())
                .allSatisfy(setting -> assertThat(setting.effect()).endsWith("."));
    }

    /** After a change of recipes or texts: {@code hiera recipe settings --markdown > docs/settings.md}. */
    @Test
    void thePageIsTheGlossary() {
        assertThat(Path.of("..", "docs", "settings.md")).hasContent(SettingsGlossary.markdown());
    }
}
