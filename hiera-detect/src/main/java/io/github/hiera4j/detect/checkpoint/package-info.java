/** Detector files: weights under Detectron2's or torchvision's names, and a description of everything else. */
@NullMarked
package io.github.hiera4j.detect.checkpoint;

import org.jspecify.annotations.NullMarked;
