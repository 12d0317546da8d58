/** Self-contained HTML pages with pictures side by side. Knows nothing of models. */
@NullMarked
package io.github.hiera4j.api.insight.page;

import org.jspecify.annotations.NullMarked;
