/**
 * The layouts of data sets in directories, lists and archives. {@link io.github.hiera4j.train.data.layout.Datasets} recognises them.
 * The processing of samples does not belong here.
 */
@NullMarked
package io.github.hiera4j.train.data.layout;

import org.jspecify.annotations.NullMarked;
