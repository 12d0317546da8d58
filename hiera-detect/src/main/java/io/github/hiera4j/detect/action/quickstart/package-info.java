/** A first run of action localisation on rendered data: scenes, training, evaluation, drawings. */
@NullMarked
package io.github.hiera4j.detect.action.quickstart;

import org.jspecify.annotations.NullMarked;
