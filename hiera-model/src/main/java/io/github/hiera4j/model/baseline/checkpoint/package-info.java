/** Checkpoints of ViT and MViTv2, whoever wrote them: recognised by names, described by shapes. Knows no Hiera. */
@NullMarked
package io.github.hiera4j.model.baseline.checkpoint;

import org.jspecify.annotations.NullMarked;
