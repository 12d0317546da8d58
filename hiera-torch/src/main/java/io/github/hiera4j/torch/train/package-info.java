/**
 * Training on libtorch: flat parameter memory, optimisers, one step forward and backward.
 *
 * <p>What happens inside a step is here; what happens between steps (data, schedules, checkpoints) is not.
 */
@NullMarked
package io.github.hiera4j.torch.train;

import org.jspecify.annotations.NullMarked;
