package io.github.hiera4j.train.recipe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Descriptions of all settings of a recipe. */
public final class SettingsGlossary {
    private static final String RESOURCE = "settings.tsv";

    private SettingsGlossary() {}

    /**
     * One setting.
     *
     * @param key the key in recipe files
     * @param values unit and allowed values
     * @param standard value in {@code small-finetune}, the default recipe of {@code hiera finetune}
     * @param pretraining value in {@code small-mae}, the default recipe of {@code hiera pretrain}
     * @param effect the effect of the setting
     */
    public record Setting(String key, String values, String standard, String pretraining, String effect) {
        /**
         * Returns both defaults, or a single one if they are equal.
         *
         * @return the text
         */
        public String defaults() {
            return standard.equals(pretraining) ? standard : standard + " (pretraining: " + pretraining + ")";
        }
    }

    /** {@return all settings, in the order of the glossary} */
    public static List<Setting> all() {
        Map<String, String> tuning = RecipeSettings.of(Recipes.named("small-finetune"));
        Map<String, String> pretraining = RecipeSettings.of(Recipes.named("small-mae"));
        try (InputStream stream = Objects.requireNonNull(SettingsGlossary.class.getResourceAsStream(RESOURCE));
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(line -> line.split("\t", -1))
                    .map(columns -> new Setting(
                            columns[0],
                            columns[1],
                            tuning.getOrDefault(columns[0], ""),
                            pretraining.getOrDefault(columns[0], ""),
                            columns[2]))
                    .toList();
        } catch (IOException impossible) {
            throw new IllegalStateException(RESOURCE, impossible);
        }
    }

    /** {@return the page {@code docs/settings.md}} */
    public static String markdown() {
        StringBuilder page = new StringBuilder("""
                # Settings of a recipe

                Every setting of `hiera pretrain` and `hiera finetune`, as `--set key=value` or in a file for `--recipe-file`. Defaults are
                those of `small-finetune` and `small-mae`, which the commands use unless `--recipe` names another one;
                `hiera recipe show NAME` prints any recipe. This page is the output of `hiera recipe settings --markdown`.

                | setting | unit and values | default | effect |
                |---|---|---|---|
                """);
        for (Setting setting : all()) {
            page.append("| `")
                    .append(setting.key())
                    .append("` | ")
                    .append(setting.values())
                    .append(" | ")
                    .append(setting.defaults())
                    .append(" | ")
                    .append(setting.effect())
                    .append(" |\n");
        }
        return page.toString();
    }
}
