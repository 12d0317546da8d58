package io.github.hiera4j.cli.process;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;

/**
 * The signals of the operating system that request the end of a process, such as {@code INT}.
 *
 * <p>Java offers {@code sun.misc.Signal} in its supported module {@code jdk.unsupported}. The compiler warns about every use, hence
 * the reflection.
 */
enum OsSignal {
    HUP(1),
    INT(2),
    TERM(15);

    /** The value that a shell adds to a signal's number. */
    private static final int EXIT_CODE_OF_SIGNALS = 128;

    private static final int MOST_SECONDS = 5;

    private final int number;

    OsSignal(int number) {
        this.number = number;
    }

    /** Replaces the JVM's handler; the new one is called on a separate thread. Returns false if the system does not have the signal. */
    boolean handle(Runnable handler) {
        try {
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                case "toString" -> "handler of " + this;
                default -> {
                    handler.run();
                    yield null;
                }
            };
            setHandler(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
            return true;
        } catch (ReflectiveOperationException unavailable) { // not available on this system, or reserved by -Xrs
            return false;
        }
    }

    /**
     * Ends the process as if the signal had never been handled; never returns.
     *
     * <p>Java cannot raise a signal that it does not handle, so a shell sends it. Without a shell, the JVM halts.
     */
    void dieOf() {
        try {
            setHandler(
                    Class.forName("sun.misc.SignalHandler").getField("SIG_DFL").get(null));
            String kill = "kill -" + this + " " + ProcessHandle.current().pid();
            new ProcessBuilder("/bin/sh", "-c", kill).start();
            TimeUnit.SECONDS.sleep(MOST_SECONDS);
        } catch (ReflectiveOperationException | IOException noShell) {
            Runtime.getRuntime().halt(EXIT_CODE_OF_SIGNALS + number);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(EXIT_CODE_OF_SIGNALS + number);
    }

    private void setHandler(Object handler) throws ReflectiveOperationException {
        Object signal = signal();
        Method handle =
                signal.getClass().getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"));
        handle.invoke(null, signal, handler);
    }

    private Object signal() throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName("sun.misc.Signal").getConstructor(String.class);
        try {
            return constructor.newInstance(name());
        } catch (InvocationTargetException unknown) {
            throw new ClassNotFoundException("signal " + this, unknown);
        }
    }
}
