/** Rendered scenes, and a detector that is trained on them within minutes. */
@NullMarked
package io.github.hiera4j.detect.train.quickstart;

import org.jspecify.annotations.NullMarked;
