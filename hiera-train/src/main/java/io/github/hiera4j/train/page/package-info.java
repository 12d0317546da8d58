/** Self-contained HTML pages: charts, tables and pictures. Does not depend on training; the pages load nothing. */
@NullMarked
package io.github.hiera4j.train.page;

import org.jspecify.annotations.NullMarked;
