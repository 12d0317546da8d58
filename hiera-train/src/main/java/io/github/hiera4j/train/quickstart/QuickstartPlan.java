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

    /**
     * {@return a plan that takes some minutes on two cores}
     *
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     */
    public static QuickstartPlan small(String device) {
        return of(4000, 1600, 7, 5, 14, 6, device);
    }

    /**
     * Returns a plan that takes several times as long, for figures with less noise.
     *
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     * @return the plan
     */
    public static QuickstartPlan full(String device) {
        return of(8000, 3200, 30, 20, 40, 20, device);
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
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     */
    public static QuickstartPlan of(
            int pictures, int clips, int pictureMae, int pictureTune, int clipMae, int clipTune, String device) {
        return new QuickstartPlan(
                pictures,
                clips,
                epochs("small-mae", pictureMae, device),
                epochs("small-finetune", pictureTune, device),
                epochs("small-video-mae", clipMae, device),
                epochs("small-video-finetune", clipTune, device));
    }

    private static Recipe epochs(String recipe, int epochs, String device) {
        return ProcessorPrecision.fast(Recipes.named(recipe).with("device", device))
                .with("epochs", String.valueOf(epochs))
                .with("evaluate_every", "1")
                .with("crop_least", "1") // rendering already varies position and size
                .with("keep_checkpoints", "1");
    }
}
