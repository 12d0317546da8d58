/** What a run leaves for people to look at: event files, pictures, one HTML page. */
@NullMarked
package io.github.hiera4j.train.report;

import org.jspecify.annotations.NullMarked;
