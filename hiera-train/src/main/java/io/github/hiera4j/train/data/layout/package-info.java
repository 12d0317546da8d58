/**
 * The ways in which directories and lists hold data sets. {@link io.github.hiera4j.train.data.layout.Datasets} recognises them. What
 * becomes of a sample after that does not belong here.
 */
@NullMarked
package io.github.hiera4j.train.data.layout;

import org.jspecify.annotations.NullMarked;
