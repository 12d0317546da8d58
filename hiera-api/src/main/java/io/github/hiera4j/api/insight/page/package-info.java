/** Self-contained HTML pages with pictures side by side. Does not depend on models. */
@NullMarked
package io.github.hiera4j.api.insight.page;

import org.jspecify.annotations.NullMarked;
