/**
 * Reading of untrusted files and atomic output: reading by position, bounded JSON, printable excerpts of file contents,
 * and writing through a temporary file.
 */
@NullMarked
package io.github.hiera4j.model.io;

import org.jspecify.annotations.NullMarked;
