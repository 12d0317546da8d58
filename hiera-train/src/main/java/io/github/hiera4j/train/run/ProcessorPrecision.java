package io.github.hiera4j.train.run;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RunSettings;

/**
 * Chooses the precision that is fast on this machine's processor. Without AVX-512, libtorch emulates bfloat16 products, which takes
 * many times as long as float32.
 */
public final class ProcessorPrecision {
    private static final String COMPILED_ENGINE = "onednn";

    private ProcessorPrecision() {}

    /**
     * {@return whether bfloat16 is emulated for a run that requests it: on a CPU whose compiled engine does not compute it}
     *
     * @param run the recipe's settings of the run
     */
    public static boolean isEmulated(RunSettings run) {
        return run.device().equals("cpu") && run.precision().equals("bfloat16") && !computesBfloat16();
    }

    /**
     * {@return the recipe in float32 if bfloat16 would be emulated, otherwise the recipe itself}
     *
     * @param recipe all settings of the training
     */
    public static Recipe fast(Recipe recipe) {
        return isEmulated(recipe.run()) ? recipe.with("precision", "float32") : recipe;
    }

    /** Returns whether the compiled engine computes bfloat16; true if the engine is not on the class path. */
    private static boolean computesBfloat16() {
        CompileOptions options = CompileOptions.DEFAULT.withDtype(DType.BFLOAT16);
        for (Backend backend : Backends.all()) {
            if (backend.name().equals(COMPILED_ENGINE)) {
                return backend.supports(options).usable();
            }
        }
        return true;
    }
}
