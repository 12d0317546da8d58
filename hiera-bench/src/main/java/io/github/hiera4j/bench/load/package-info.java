/** Other programs at work while a measurement runs, and what speed is left beside them. Nothing about models belongs here. */
@NullMarked
package io.github.hiera4j.bench.load;

import org.jspecify.annotations.NullMarked;
