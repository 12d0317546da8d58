package io.github.hiera4j.api.insight.explain;

import io.github.hiera4j.api.insight.picture.Grid;
import java.util.List;

/**
 * The evidence of each part of a view for a class.
 *
 * @param method the method of computation
 * @param maps one grid per step in time, in image order, of any resolution
 */
public record Attribution(Method method, List<Grid> maps) {

    /** Ways to compute an attribution. */
    public enum Method {
        /** Gradient-weighted class activation mapping (Selvaraju et al., 2017): 0 or more. */
        GRAD_CAM("Grad-CAM"),
        /** Integrated gradients (Sundararajan, Taly and Yan, 2017), summed over colours: their sum is a difference of scores. */
        INTEGRATED_GRADIENTS("integrated gradients"),
        /** The decrease of the score when a part is covered (Zeiler and Fergus, 2014). */
        OCCLUSION("occlusion");

        private final String title;

        Method(String title) {
            this.title = title;
        }

        /** {@return its name in words} */
        public String title() {
            return title;
        }

        /** {@return whether its numbers are 0 or more} */
        public boolean isAmount() {
            return this == GRAD_CAM;
        }
    }

    /**
     * Copies the maps.
     *
     * @param method the method of computation
     * @param maps one grid per step in time
     */
    public Attribution {
        maps = List.copyOf(maps);
    }
}
