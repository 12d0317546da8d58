/** Checkpoints of ViT and MViTv2 in the layouts of several libraries: recognised by names, described by shapes. Independent of Hiera. */
@NullMarked
package io.github.hiera4j.model.baseline.checkpoint;

import org.jspecify.annotations.NullMarked;
