/** The commands that list, download, describe and rewrite models and checkpoints. */
@NullMarked
package io.github.hiera4j.cli.model;

import org.jspecify.annotations.NullMarked;
