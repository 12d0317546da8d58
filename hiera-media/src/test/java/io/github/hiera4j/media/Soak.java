package io.github.hiera4j.media;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;

/**
 * Reads files repeatedly in several threads and prints the memory of the process after each quarter. Arguments: the number of files
 * for warm-up, the number of files to read after that, then the files.
 */
final class Soak {
    private Soak() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int warmUp = Integer.parseInt(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        List<Path> files = Stream.of(arguments).skip(2).map(Path::of).toList();
        read(files, 0, warmUp);
        report();
        for (int quarter = 0; quarter < 4; quarter++) {
            read(files, warmUp + quarter * count / 4, warmUp + (quarter + 1) * count / 4);
            report();
        }
        System.out.println("held\t" + MediaMemory.liveNativeBytes());
        System.out.println("open\t" + MediaMemory.openVideos());
        System.out.println("owned\t" + Pointer.totalBytes());
    }

    private static void read(List<Path> files, int from, int to) {
        IntStream.range(from, to).parallel().forEach(i -> BrokenFiles.read(files.get(i % files.size())));
    }

    /** Returns the memory in kilobytes after unreachable tensors, which are outside the heap, have been freed. */
    private static void report() throws IOException, InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100); // direct buffers are freed by a separate thread
        }
        long pages =
                Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]);
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        System.out.println("resident\t" + pages * 4 + "\theap\t" + heap / 1024);
    }
}
