/** Charts of measurements as SVG files that stand alone. */
@NullMarked
package io.github.hiera4j.bench.chart;

import org.jspecify.annotations.NullMarked;
