/** What every request has: limits, a deadline, a way to be cancelled, and refusals in one line. Nothing here knows HTTP's library. */
@NullMarked
package io.github.hiera4j.serve.request;

import org.jspecify.annotations.NullMarked;
