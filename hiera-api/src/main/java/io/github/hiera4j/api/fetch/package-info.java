/**
 * Downloads published weights on request only: resumable, checked, atomic. This is the only package that opens connections to other
 * machines.
 */
@NullMarked
package io.github.hiera4j.api.fetch;

import org.jspecify.annotations.NullMarked;
