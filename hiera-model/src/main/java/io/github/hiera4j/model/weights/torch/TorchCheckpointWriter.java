package io.github.hiera4j.model.weights.torch;

import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.zip.ZipWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes the official {@code .pth} layout, tensors under {@code model_state}, as a file that PyTorch opens with {@code
 * torch.load(path, weights_only=True)}. Only one tensor at a time is in memory.
 */
public final class TorchCheckpointWriter {
    private static final String FOLDER = "archive/";

    private TorchCheckpointWriter() {}

    /**
     * Writes all tensors of a source, in their element types, to a temporary file that is renamed at the end.
     *
     * @param target the file, replaced if it exists
     * @param weights the tensors under their names in the file
     */
    public static void write(Path target, WeightSource weights) {
        AtomicFile.write(target, channel -> {
            ZipWriter zip = new ZipWriter(channel);
            zip.add(FOLDER + "data.pkl", ByteBuffer.wrap(PickleWriter.stateDict("model_state", weights)));
            zip.add(FOLDER + ".format_version", ascii("1"));
            zip.add(FOLDER + ".storage_alignment", ascii("64"));
            zip.add(FOLDER + "byteorder", ascii("little"));
            int storage = 0;
            for (String name : weights.names()) {
                zip.add(FOLDER + "data/" + storage++, weights.read(name).bytes());
            }
            zip.add(FOLDER + "version", ascii("3\n"));
            zip.finish();
        });
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
