/** Detection of objects in images: {@link io.github.hiera4j.detect.HieraDetector}. */
@NullMarked
package io.github.hiera4j.detect;

import org.jspecify.annotations.NullMarked;
