/** The endpoints that take files: what each makes of an upload, and the JSON it answers with. */
@NullMarked
package io.github.hiera4j.serve.answer;

import org.jspecify.annotations.NullMarked;
