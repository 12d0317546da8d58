package io.github.hiera4j.cli.process;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;

/**
 * A signal of the operating system, such as {@code INT}: those that ask a process to end.
 *
 * <p>Java offers {@code sun.misc.Signal}, in its supported module {@code jdk.unsupported}; its compiler warns wherever that is
 * named, hence the reflection.
 */
enum OsSignal {
    HUP(1),
    INT(2),
    TERM(15);

    /** What a shell adds to a signal's number. */
    private static final int EXIT_CODE_OF_SIGNALS = 128;

    private static final int MOST_SECONDS = 5;

    private final int number;

    OsSignal(int number) {
        this.number = number;
    }

    /** Has a handler called, on its own thread, in place of the JVM's; false where the system has no such signal. */
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
        } catch (ReflectiveOperationException unavailable) { // not on this system, or kept back by -Xrs
            return false;
        }
    }

    /**
     * Ends the process as if no one had ever handled the signal; never returns.
     *
     * <p>Java cannot raise a signal that it does not handle, so a shell sends it. Where there is none, the JVM halts.
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
