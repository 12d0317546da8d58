/** HTTP itself: routes, access, headers, errors, the access log, metrics, and the page. */
@NullMarked
package io.github.hiera4j.serve.http;

import org.jspecify.annotations.NullMarked;
