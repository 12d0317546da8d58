package io.github.hiera4j.train.quickstart;

import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.ProcessorPrecision;

/**
 * The amount of data and training of a quickstart.
 *
 * @param pictures training pictures; a fifth as many are held out
 * @param clips training clips; a fifth as many are held out
 */
public record QuickstartPlan(
        int pictures, int clips, Recipe pictureMae, Recipe pictureTune, Recipe clipMae, Recipe clipTune) {

    /** {@return a plan that takes some minutes on two cores} */
    public static QuickstartPlan small() {
        return of(4000, 1600, 7, 5, 14, 6);
    }

    /**
     * Returns a plan that takes several times as long, for figures with less noise.
     *
     * @return the plan
     */
    public static QuickstartPlan full() {
        return of(8000, 3200, 30, 20, 40, 20);
    }

    /**
     * {@return a plan with the given numbers of samples and epochs}
     *
     * @param pictures training pictures
     * @param clips training clips
     * @param pictureMae epochs of pretraining on pictures
     * @param pictureTune epochs of fine-tuning on pictures
     * @param clipMae epochs of pretraining on clips
     * @param clipTune epochs of fine-tuning on clips
     */
    public static QuickstartPlan of(
            int pictures, int clips, int pictureMae, int pictureTune, int clipMae, int clipTune) {
        return new QuickstartPlan(
                pictures,
                clips,
                epochs("small-mae", pictureMae),
                epochs("small-finetune", pictureTune),
                epochs("small-video-mae", clipMae),
                epochs("small-video-finetune", clipTune));
    }

    private static Recipe epochs(String recipe, int epochs) {
        return ProcessorPrecision.fast(Recipes.named(recipe))
                .with("epochs", String.valueOf(epochs))
                .with("evaluate_every", "1")
                .with("crop_least", "1") // rendering already varies position and size
                .with("keep_checkpoints", "1");
    }
}
