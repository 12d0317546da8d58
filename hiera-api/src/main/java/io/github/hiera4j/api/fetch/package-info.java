/**
 * Downloads published weights, and only when asked: resumable, checked, atomic. The only package that opens connections to other
 * machines.
 */
@NullMarked
package io.github.hiera4j.api.fetch;

import org.jspecify.annotations.NullMarked;
