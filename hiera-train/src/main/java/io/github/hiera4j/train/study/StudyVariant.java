package io.github.hiera4j.train.study;

import io.github.hiera4j.train.recipe.Recipe;
import java.util.Optional;

/**
 * One of the things that a study compares.
 *
 * @param key for file names: letters, digits, {@code -} and {@code _}
 * @param label for tables
 * @param change what distinguishes it, in a few words
 * @param pretraining of the masked autoencoder; empty: none
 * @param tuning with labels, after pretraining; empty where there is no pretraining
 * @param scratch with labels, from random weights; empty: not trained so
 */
public record StudyVariant(
        String key,
        String label,
        String change,
        Optional<Recipe> pretraining,
        Optional<Recipe> tuning,
        Optional<Recipe> scratch) {}
