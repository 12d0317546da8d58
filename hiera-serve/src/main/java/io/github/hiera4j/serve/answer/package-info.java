/** The endpoints for files: processing of an upload, and the JSON of the response. */
@NullMarked
package io.github.hiera4j.serve.answer;

import org.jspecify.annotations.NullMarked;
