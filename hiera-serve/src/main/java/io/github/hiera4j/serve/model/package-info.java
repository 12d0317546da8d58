/** The served models: loading by kind, names, leases, and reloading of changed files. */
@NullMarked
package io.github.hiera4j.serve.model;

import org.jspecify.annotations.NullMarked;
