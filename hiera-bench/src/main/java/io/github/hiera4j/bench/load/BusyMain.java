package io.github.hiera4j.bench.load;

import java.io.IOException;

/** A process that keeps one processor busy until its standard input ends, which also happens when its parent ends. */
public final class BusyMain {
    private BusyMain() {}

    /**
     * Prints one line when it is busy, and returns at the end of standard input.
     *
     * @param arguments none
     * @throws IOException if standard input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Thread work = new Thread(BusyMain::work, "busy");
        work.setDaemon(true);
        work.start();
        System.out.println("busy");
        while (System.in.read() >= 0) {
            // nothing is sent; only the end is awaited
        }
    }

    private static void work() {
        double value = 1;
        while (value > 0) { // always true; the dependency keeps the loop from being optimised away
            value = value * 0.999 + 0.001;
        }
    }
}
