/** Charts of measurements as self-contained SVG files. */
@NullMarked
package io.github.hiera4j.bench.chart;

import org.jspecify.annotations.NullMarked;
