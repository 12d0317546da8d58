/** What the command is as a process: how it ends when someone stops it, and how much memory it takes. No command lives here. */
@NullMarked
package io.github.hiera4j.cli.process;

import org.jspecify.annotations.NullMarked;
