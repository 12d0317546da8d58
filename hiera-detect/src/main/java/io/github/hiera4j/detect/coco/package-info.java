/**
 * COCO's annotation and result files, and the preparation of images and instances for training and testing.
 *
 * <p>Files are read as a stream and are not trusted: sizes, runs, names and identifiers are checked, and errors state the file,
 * the position and the field.
 */
@NullMarked
package io.github.hiera4j.detect.coco;

import org.jspecify.annotations.NullMarked;
