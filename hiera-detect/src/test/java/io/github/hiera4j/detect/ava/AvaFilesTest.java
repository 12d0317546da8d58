package io.github.hiera4j.detect.ava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvaFilesTest {
    @Test
    void secondsAreNumbersAndAByteOrderMarkIsSkipped() {
        List<AvaBox> rows = AvaFiles.groundTruth("\ufeffv,0902,0.1,0.2,0.3,0.4,12,0\r\nv,903\n");

        assertThat(rows.get(0).frame()).isEqualTo(new AvaFrame("v", 902));
        assertThat(rows.get(0).box()).containsExactly(.1, .2, .3, .4);
        assertThat(rows.get(1).box()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v,902,0,0,1,1,12",
                "v,902,0,0,1,1,12,NaN",
                "v,902,0,0,1,1,0,.5",
                "v,-1,0,0,1,1,12,.5",
                "v,99999999999,0,0,1,1,12,.5",
                ",902,0,0,1,1,12,.5",
                "v,902,a,0,1,1,12,.5"
            })
    void badDetectionsAreRefusedWithTheirLine(String line) {
        assertThatThrownBy(() -> AvaFiles.detections("v,902,0,0,1,1,12,.5\n" + line))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith("detections: line 2: ");
    }

    @Test
    void endlessLinesAreRefused() {
        assertThatThrownBy(() -> AvaFiles.detections("v".repeat(1_000_000)))
                .hasMessageContaining("at most 4096 characters");
    }
}
