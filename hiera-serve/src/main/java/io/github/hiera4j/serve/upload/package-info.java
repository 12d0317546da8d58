/** Request bodies: reading under limits, parsing of multipart forms, detection of images and videos by content. */
@NullMarked
package io.github.hiera4j.serve.upload;

import org.jspecify.annotations.NullMarked;
