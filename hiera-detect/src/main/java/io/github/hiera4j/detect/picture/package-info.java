/** Detections as pictures and files. */
@NullMarked
package io.github.hiera4j.detect.picture;

import org.jspecify.annotations.NullMarked;
