/**
 * Action localisation: what each person of a clip does. The head as a graph, data sets in AVA's layout, training and use. Reading
 * AVA's files is {@code detect.ava}, the evaluation {@code detect.evaluate}.
 */
@NullMarked
package io.github.hiera4j.detect.action;

import org.jspecify.annotations.NullMarked;
