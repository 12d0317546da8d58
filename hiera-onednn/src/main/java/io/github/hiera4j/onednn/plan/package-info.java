/**
 * The compiled plan: a flat list of steps over one arena that is planned by lifetime.
 */
@NullMarked
package io.github.hiera4j.onednn.plan;

import org.jspecify.annotations.NullMarked;
