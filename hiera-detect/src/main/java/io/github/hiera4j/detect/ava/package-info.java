/** AVA's files: boxes with actions at seconds of videos, excluded frames, and the label map. */
@NullMarked
package io.github.hiera4j.detect.ava;

import org.jspecify.annotations.NullMarked;
