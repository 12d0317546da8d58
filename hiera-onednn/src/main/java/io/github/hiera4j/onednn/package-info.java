/**
 * The fastest inference on a CPU: a graph, its weights and a batch size are compiled to a flat list of oneDNN primitives
 * over one planned block of memory.
 *
 * <p>The way down: {@code Lowering} walks the graph and writes {@code Step}s over {@code View}s of {@code Buffer}s;
 * {@code ArenaPlanner} gives every buffer its place; {@code Plan} keeps the primitives; {@code ExecutionContext} binds them to
 * memory; {@code OneDnnSession} hands runs to its threads. Native handles appear in {@code Dnnl}, {@code Primitive},
 * {@code MemoryFormat}, {@code NativeMemory} and {@code ExecutionContext} alone.
 */
@NullMarked
package io.github.hiera4j.onednn;

import org.jspecify.annotations.NullMarked;
