/**
 * The implementation of the public API: reading ahead, batching, asynchronous calls. Not part of the API: it may change in any release,
 * and no other module uses it.
 *
 * <p>Nothing here refers to the classes of the public API, which depend on these.
 */
@NullMarked
package io.github.hiera4j.api.internal;

import org.jspecify.annotations.NullMarked;
