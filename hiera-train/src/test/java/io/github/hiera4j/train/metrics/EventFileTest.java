package io.github.hiera4j.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class EventFileTest {
    @Test
    void recordsHaveLengthsAndMaskedChecksumsAndHoldTheFigure(@TempDir Path directory) throws IOException {
        try (EventFile events = EventFile.create(directory, 0)) {
            events.scalar(300, "loss", 0.5);
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.toList();
        }
        assertThat(files).hasSize(1);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(files.get(0))).order(ByteOrder.LITTLE_ENDIAN);
        byte[] version = next(bytes);
        byte[] event = next(bytes);

        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(new String(version, StandardCharsets.ISO_8859_1)).contains("brain.Event:2");
        String text = new String(event, StandardCharsets.ISO_8859_1);
        // step 300 is the varint AC 02 in field 2; 0.5f is 00 00 00 3F in field 2 of the value
        assertThat(text).contains("\u0010\u00ac\u0002").contains("loss\u0015\u0000\u0000\u0000?");
    }

    @Test
    void theChecksumIsTheMaskedOneOfTheRecordFormat() {
        byte[] zeros = new byte[32]; // CRC-32C of 32 zero bytes is 8A9136AA (RFC 3720, B.4)
        int crc = 0x8A9136AA;

        assertThat(EventFile.maskedChecksum(zeros, 0, 32)).isEqualTo(((crc >>> 15) | (crc << 17)) + 0xa282ead8);
    }

    private static byte[] next(ByteBuffer bytes) {
        byte[] length = new byte[8];
        bytes.get(bytes.position(), length);
        byte[] data = new byte[(int) bytes.getLong()];
        assertThat(bytes.getInt()).isEqualTo(EventFile.maskedChecksum(length, 0, 8));
        bytes.get(data);
        assertThat(bytes.getInt()).isEqualTo(EventFile.maskedChecksum(data, 0, data.length));
        return data;
    }
}
