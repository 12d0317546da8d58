/** Augmentation of pictures, clips and batches; every random number comes from a generator that is passed in. */
@NullMarked
package io.github.hiera4j.train.augment;

import org.jspecify.annotations.NullMarked;
