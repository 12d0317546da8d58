/** Drawing of detections and PNG output. */
@NullMarked
package io.github.hiera4j.detect.picture;

import org.jspecify.annotations.NullMarked;
