/** Request bodies: read under limits, multipart taken apart, images and videos recognised by content. */
@NullMarked
package io.github.hiera4j.serve.upload;

import org.jspecify.annotations.NullMarked;
