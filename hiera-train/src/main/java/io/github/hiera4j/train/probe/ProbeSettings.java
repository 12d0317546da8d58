package io.github.hiera4j.train.probe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.train.recipe.DataSettings;
import io.github.hiera4j.train.recipe.Recipe;

/**
 * The settings of a probe.
 *
 * @param data pixels, clips and batch size
 * @param options device and precision of the features
 * @param neighbours number of neighbours that vote
 * @param temperature of the votes
 */
public record ProbeSettings(DataSettings data, CompileOptions options, int neighbours, double temperature) {
    /** DINO's number of neighbours. */
    public static final int NEIGHBOURS = 20;

    /** DINO's temperature, which divides similarities before nearest neighbours vote. */
    public static final double TEMPERATURE = 0.07;

    /**
     * Checks the values.
     *
     * @param data pixels, clips and batch size
     * @param options device and precision of the features
     * @param neighbours number of neighbours that vote
     * @param temperature of the votes
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public ProbeSettings {
        check(neighbours >= 1, "nearest neighbours need at least 1 neighbour, got %d", neighbours);
        check(temperature > 0, "the temperature of the votes must be above 0, got %s", temperature);
    }

    /**
     * {@return the settings of a recipe}
     *
     * @param recipe all settings of the training
     */
    public static ProbeSettings of(Recipe recipe) {
        return new ProbeSettings(recipe.data(), recipe.run().compileOptions(), NEIGHBOURS, TEMPERATURE);
    }
}
