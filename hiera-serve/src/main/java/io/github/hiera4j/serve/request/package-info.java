/** Limits, deadlines, cancellation and one-line refusals of requests. Nothing here depends on the HTTP library. */
@NullMarked
package io.github.hiera4j.serve.request;

import org.jspecify.annotations.NullMarked;
