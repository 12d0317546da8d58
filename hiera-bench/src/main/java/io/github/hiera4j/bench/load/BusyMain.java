package io.github.hiera4j.bench.load;

import java.io.IOException;

/** A process that keeps one processor busy until its standard input ends, as it does when its parent ends. */
public final class BusyMain {
    private BusyMain() {}

    /**
     * Prints one line once it is at work, and returns when standard input has ended.
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
            // nothing is sent; the end is awaited
        }
    }

    private static void work() {
        double value = 1;
        while (value > 0) { // always: the loop must compute something that depends on itself
            value = value * 0.999 + 0.001;
        }
    }
}
