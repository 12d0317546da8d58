package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OperationInterruptedException;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.DecodedSample;
import io.github.hiera4j.train.data.SampleSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Images and videos in tar files, in the layout of WebDataset.
 *
 * <p>Only the headers are read in advance, from several files at a time; a sample is read when it is needed. Nothing is unpacked,
 * except that a video is copied to a temporary file while it is decoded.
 */
final class TarSource implements SampleSource {
    private static final int READERS = 16; // reading headers is bound by seeks, not by the processor

    private final List<TarShard> shards;
    private final int[] starts;
    private final int size;

    private TarSource(List<TarShard> shards) {
        this.shards = shards.stream().filter(shard -> shard.size() > 0).toList();
        starts = new int[this.shards.size()];
        long next = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = (int) next;
            next += this.shards.get(i).size();
            check(next <= Integer.MAX_VALUE, "tar shards have more than %d samples", Integer.MAX_VALUE);
        }
        size = (int) next;
    }

    /**
     * Opens shards and indexes their samples.
     *
     * @param labelled whether every sample must have a class; otherwise classes are not read
     * @throws HieraException if a shard cannot be read or is invalid; the message names the shard and the fault
     */
    static TarSource open(List<Path> files, boolean labelled) {
        if (files.isEmpty()) {
            return new TarSource(List.of());
        }
        ExecutorService readers = Executors.newFixedThreadPool(Math.min(READERS, files.size()), task -> {
            Thread thread = new Thread(task, "hiera-shards");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<TarShard>> reading = files.stream()
                    .map(file -> readers.submit(() -> TarShard.read(file, labelled)))
                    .toList();
            List<TarShard> shards = new ArrayList<>();
            for (Future<TarShard> shard : reading) {
                shards.add(shard.get());
            }
            return new TarSource(shards);
        } catch (InterruptedException fault) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("reading tar shards was interrupted", fault);
        } catch (ExecutionException fault) {
            if (fault.getCause() instanceof HieraException known) {
                throw known;
            }
            throw new IllegalStateException("reading tar shards failed", fault.getCause());
        } finally {
            readers.shutdownNow();
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int[] shards() {
        return starts.clone();
    }

    private int shardOf(int index) {
        int found = Arrays.binarySearch(starts, index);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public int label(int index) {
        int shard = shardOf(index);
        return shards.get(shard).label(index - starts[shard]);
    }

    @Override
    public String name(int index) {
        int shard = shardOf(index);
        return shards.get(shard).name(index - starts[shard]);
    }

    private byte[] bytes(int index) {
        int shard = shardOf(index);
        return shards.get(shard).bytes(index - starts[shard]);
    }

    @Override
    public InputStream content(int index) {
        return new ByteArrayInputStream(bytes(index));
    }

    @Override
    public List<Rgb8Image> read(int index, ClipChoice clip) {
        byte[] bytes = bytes(index);
        if (kind(index, bytes) == MediaKind.IMAGE) {
            return List.of(ImageReader.read(bytes, name(index)));
        }
        return video(
                index,
                bytes,
                video -> video.framesAt(clip.choose(video.info().duration()).times()));
    }

    @Override
    public Optional<DecodedSample> decode(int index, long mostBytes) {
        byte[] bytes = bytes(index);
        if (kind(index, bytes) == MediaKind.IMAGE) {
            return Optional.of(DecodedSample.of(ImageReader.read(bytes, name(index))));
        }
        return video(index, bytes, video -> video.decode(mostBytes).map(DecodedSample::of));
    }

    private MediaKind kind(int index, byte[] bytes) {
        byte[] start = Arrays.copyOf(bytes, Math.min(bytes.length, MediaFormat.MAGIC_BYTES));
        return MediaFormat.detect(start)
                .orElseThrow(() -> MediaFile.unrecognised(name(index), start))
                .kind();
    }

    /** Copies a video to a separate file, because decoding seeks. */
    private <T> T video(int index, byte[] bytes, Function<VideoReader, T> use) {
        Path file = null;
        try {
            file = Files.createTempFile("hiera-", ".video");
            Files.write(file, bytes);
            try (VideoReader video = VideoReader.open(file)) {
                return use.apply(video);
            }
        } catch (IOException fault) {
            throw FileFault.unreadable(name(index), fault);
        } catch (OperationInterruptedException fault) {
            throw fault;
        } catch (HieraException fault) {
            String message = String.valueOf(fault.getMessage()).replace(String.valueOf(file), name(index));
            throw new HieraException(message, fault);
        } finally {
            if (file != null) {
                file.toFile().delete();
            }
        }
    }
}
