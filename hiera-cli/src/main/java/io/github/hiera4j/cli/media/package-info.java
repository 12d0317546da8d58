/** The commands that run a model on images and videos: classify, embed, features. */
@NullMarked
package io.github.hiera4j.cli.media;

import org.jspecify.annotations.NullMarked;
