package io.github.hiera4j.train.study;

import io.github.hiera4j.train.recipe.Recipe;
import java.util.Optional;

/**
 * One of the variants that a study compares.
 *
 * @param key for file names: letters, digits, {@code -} and {@code _}
 * @param label for tables
 * @param change the difference from the default, in a few words
 * @param pretraining recipe of the masked autoencoder; empty if there is none
 * @param tuning recipe with labels, after pretraining; empty if there is no pretraining
 * @param scratch recipe with labels, from random weights; empty if it is not trained from scratch
 */
public record StudyVariant(
        String key,
        String label,
        String change,
        Optional<Recipe> pretraining,
        Optional<Recipe> tuning,
        Optional<Recipe> scratch) {}
