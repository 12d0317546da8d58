/**
 * Fast inference on a CPU: a graph, its weights and a batch size are compiled to a flat list of oneDNN primitives
 * over one planned block of memory.
 *
 * <p>{@code layers.Lowering} walks the graph and writes {@code Step}s over {@code View}s of {@code Buffer}s;
 * {@code plan.ArenaPlanner} assigns every buffer an offset; {@code plan.Plan} keeps the primitives;
 * {@code plan.ExecutionContext} binds them to memory; {@code OneDnnSession} distributes runs over its threads.
 */
@NullMarked
package io.github.hiera4j.onednn;

import org.jspecify.annotations.NullMarked;
