/**
 * Action localisation, the recognition of each person's actions in a clip: the head as a graph, data sets in AVA's layout, training
 * and inference. AVA's files are read in {@code detect.ava}, and results evaluated in {@code detect.evaluate}.
 */
@NullMarked
package io.github.hiera4j.detect.action;

import org.jspecify.annotations.NullMarked;
