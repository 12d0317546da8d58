package io.github.hiera4j.api.fetch;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.Check.checkIntact;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.WeightFile;
import io.github.hiera4j.model.cost.ModelCost;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.torch.TorchCheckpoint;
import io.github.hiera4j.model.zoo.ModelHome;
import io.github.hiera4j.model.zoo.PublishedWeights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Downloads published weights into a {@link ModelHome}.
 *
 * <p>A download continues where an earlier one stopped. The file receives its final name only after it was checked: its size and
 * digest if they are known, the checksums inside it, and that it contains the tensors of the requested model.
 *
 * <pre>{@code
 * Path file = new WeightFetcher(ModelHome.ofEnvironment()).fetch(PublishedWeights.named("hiera_base_224"), TransferListener.SILENT);
 * }</pre>
 */
public final class WeightFetcher {
    /** Allows for an optimizer's state and for names in files whose size is not known. */
    private static final int MOST_TIMES_LARGER = 4;

    private static final long ALWAYS_ALLOWED = 64L << 20;
    private static final long LARGEST_OTHER = 2L << 30;

    private final ModelHome home;
    private final Optional<String> base;
    private final Optional<String> sha256;
    private final HttpConnections connections;
    private final Duration pause;

    /**
     * Creates a fetcher that downloads from the official addresses.
     *
     * @param home the directory of the weights
     */
    public WeightFetcher(ModelHome home) {
        this(
                home,
                Optional.empty(),
                Optional.empty(),
                new HttpConnections(Duration.ofSeconds(30), Duration.ofSeconds(60)),
                Duration.ofMillis(500));
    }

    WeightFetcher(
            ModelHome home,
            Optional<String> base,
            Optional<String> sha256,
            HttpConnections connections,
            Duration pause) {
        this.home = home;
        this.base = base;
        this.sha256 = sha256;
        this.connections = connections;
        this.pause = pause;
    }

    /**
     * Returns this fetcher with a mirror instead of the official addresses.
     *
     * @param mirror the address of a directory that contains the files under their official names
     * @return the changed fetcher
     */
    public WeightFetcher from(String mirror) {
        String directory = mirror.endsWith("/") ? mirror : mirror + "/";
        return new WeightFetcher(home, Optional.of(directory), sha256, connections, pause);
    }

    /**
     * Returns this fetcher, restricted to a file with a given digest.
     *
     * @param sha256Digits 64 hexadecimal digits
     * @return the changed fetcher
     * @throws HieraException if they are not 64 hexadecimal digits
     */
    public WeightFetcher expecting(String sha256Digits) {
        check(
                sha256Digits.matches("[0-9a-fA-F]{64}"),
                "a SHA-256 digest has 64 hexadecimal digits, got '%s'",
                Printable.of(sha256Digits));
        return new WeightFetcher(home, base, Optional.of(sha256Digits.toLowerCase(Locale.ROOT)), connections, pause);
    }

    /**
     * Returns the file of published weights.
     *
     * @param weights the published weights
     * @return the file; it exists after the download
     */
    public Path file(PublishedWeights weights) {
        return home.file(weights);
    }

    /**
     * Returns the address of published weights.
     *
     * @param weights the published weights
     * @return the address for the download
     */
    public String address(PublishedWeights weights) {
        return base.orElse(weights.base()) + weights.fileName();
    }

    /**
     * Downloads weights, unless the file exists.
     *
     * @param weights the published weights
     * @param listener receives the progress
     * @return the file
     * @throws HieraException if it cannot be downloaded or is not the requested file; received data is kept for the next attempt if
     *     it is usable
     */
    public Path fetch(PublishedWeights weights, TransferListener listener) {
        Path target = file(weights);
        if (Files.isRegularFile(target)) {
            return target;
        }
        Path directory = Objects.requireNonNull(target.toAbsolutePath().getParent());
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw FileFault.unwritable(directory, e);
        }
        Path lockFile = directory.resolve("." + weights.fileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel, target)) {
            return download(weights, target, listener);
        } catch (IOException e) {
            throw FileFault.unwritable(lockFile, e);
        }
    }

    private static FileLock lock(FileChannel channel, Path target) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            throw busy(target);
        }
        throw busy(target);
    }

    private static HieraException busy(Path target) {
        return new HieraException(target + ": another process is downloading it; wait for it to finish");
    }

    private Path download(PublishedWeights weights, Path target, TransferListener listener) throws IOException {
        if (Files.isRegularFile(target)) {
            return target; // the process that held the lock has finished
        }
        String address = address(weights);
        Path part = target.resolveSibling(target.getFileName() + ".part");
        new Download(connections, pause, address, part, largest(weights), listener).run();
        try {
            verify(weights, part, address);
        } catch (RuntimeException damaged) {
            Files.deleteIfExists(part); // continuing it would not repair it
            throw damaged;
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        return target;
    }

    private void verify(PublishedWeights weights, Path part, String address) throws IOException {
        long size = Files.size(part);
        weights.size()
                .ifPresent(known -> checkIntact(size == known, "%s: expected %d bytes, got %d", address, known, size));
        Optional<String> expected = sha256.or(base.isEmpty() ? weights::sha256 : Optional::empty);
        if (expected.isPresent()) {
            String actual = digest(part);
            checkIntact(
                    actual.equals(expected.get()),
                    "%s: its SHA-256 digest is %s, expected %s; the file was damaged or replaced",
                    address,
                    actual,
                    expected.get());
        }
        try (WeightSource file = WeightFile.open(part).weights()) {
            if (file instanceof TorchCheckpoint torch) {
                torch.verifyChecksums();
            }
        } catch (HieraException e) {
            throw e.withMessage(address + ": the server sent an invalid checkpoint: " + e.getMessage());
        }
        if (weights.isHiera()) {
            verifyModel(weights, part, address);
        }
    }

    private static void verifyModel(PublishedWeights weights, Path part, String address) {
        try (Checkpoint checkpoint = Checkpoint.open(part)) {
            checkpoint.report().requireExact();
            HieraVariant expected = variant(weights);
            boolean autoencoder = checkpoint.config() instanceof MaeConfig;
            checkIntact(
                    HieraVariant.matching(checkpoint.config().encoder()).equals(Optional.of(expected))
                            && autoencoder == weights.name().startsWith("mae_"),
                    "%s: contains another model than %s",
                    address,
                    weights.name());
        }
    }

    private static HieraVariant variant(PublishedWeights weights) {
        String name = weights.name();
        return HieraVariant.named(name.startsWith("mae_") ? name.substring("mae_".length()) : name);
    }

    private static long largest(PublishedWeights weights) {
        if (weights.size().isPresent()) {
            return weights.size().get();
        }
        if (!weights.isHiera()) {
            return LARGEST_OTHER;
        }
        ModelConfig encoder = variant(weights).config();
        ModelConfig config = weights.name().startsWith("mae_") ? MaeConfig.around(encoder.encoder()) : encoder;
        return ALWAYS_ALLOWED
                + MOST_TIMES_LARGER
                        * Float.BYTES
                        * ModelCost.of(config.inferenceGraph()).parameters();
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 16];
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                digest.update(block, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }
}
