/** Pictures of numbers: colour maps with legends, captions, sheets of panels, PNG. Does not depend on models. */
@NullMarked
package io.github.hiera4j.api.insight.picture;

import org.jspecify.annotations.NullMarked;
