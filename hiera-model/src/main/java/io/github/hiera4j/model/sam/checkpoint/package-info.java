/** SAM 2 models in the files of the original project and of transformers: names, shapes and configuration. */
@NullMarked
package io.github.hiera4j.model.sam.checkpoint;

import org.jspecify.annotations.NullMarked;
