/** The report of a run: pictures and one HTML page. */
@NullMarked
package io.github.hiera4j.train.report;

import org.jspecify.annotations.NullMarked;
