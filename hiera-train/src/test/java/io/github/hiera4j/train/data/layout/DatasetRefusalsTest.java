package io.github.hiera4j.train.data.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invalid data sets: one line names the position and the fault. */
class DatasetRefusalsTest extends DatasetFixture {
    @Test
    void aDirectoryThatIsNotThereOrHoldsNothingIsRefused() throws IOException {
        refused(root.resolve("nowhere"), "no such directory");
        refused("expected one directory per class in it, or one of these: train/CLASS/*.jpg");
        Files.createDirectories(root.resolve("train"));
        refused("expected one directory per class");
        Files.createDirectories(root.resolve("train/cat"));
        refused("train/cat", "contains no images or videos");
    }

    @Test
    void aHeldOutClassThatWasNeverTrainedIsRefused() throws IOException {
        pictures("train/cat", 1);
        pictures("val/unicorn", 1);
        refused("val", "has the classes [unicorn], which", "lacks");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c.mp4 many|line 1: expected 'path label', got 'c.mp4 many'",
                "c.mp4|line 1: expected 'path label', got 'c.mp4'",
                "c.mp4 -1|line 1: expected 'path label'",
                "../../c.mp4 0|line 1: '../../c.mp4' leads out of the list's directory",
                "gone.mp4 0|none of the listed files exists, such as",
                "c.mp4 900|has the class number 900, but there are only 1 training samples",
                "a\u0000b 0|line 1: not a file name",
            })
    void aListThatCannotBeRightIsRefused(String line, String message) throws IOException {
        clip("c.mp4");
        Files.writeString(root.resolve("train.csv"), line + "\n");
        refused("train.csv".substring(0, message.startsWith("has") ? 0 : 9), message);
    }

    @Test
    void listsThatDisagreeAreRefused() throws IOException {
        clip("c.mp4");
        Files.writeString(root.resolve("train.csv"), "c.mp4 0\nc.mp4 1\n");
        Files.writeString(root.resolve("val.csv"), "c.mp4 2\n");
        refused("c.mp4 has the label 2, expected 0 to 1");
        Files.writeString(root.resolve("val.csv"), "");
        refused("val.csv", "the list is empty");
        Files.write(root.resolve("val.csv"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        refused("val.csv", "is UTF-16 text; save it as UTF-8");
        Files.write(root.resolve("val.csv"), new byte[] {'c', (byte) 0xff, ' ', '1'});
        refused("val.csv", "is not UTF-8 text");
        Files.writeString(root.resolve("val.csv"), "c.mp4 1\n");
        Files.writeString(root.resolve("classes.txt"), "only one\n");
        refused("classes.txt", "names 1 classes, the data has 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'id':'../7','template':'Dropping something'}]|has the id '../7'",
                "[{'id':'7','template':'Eating something'}]|'Eating something', which labels.json lacks",
                "[{'id':'8','template':'Dropping something'}]|none of the listed files exists",
                "[{'id':'7'|not valid JSON",
                "{}|expected a list",
                "[]|expected a list of videos",
                "[7]|expected a list of objects",
                "[{}]|has the id ''",
            })
    void somethingSomethingThatCannotBeRightIsRefused(String train, String message) throws IOException {
        clip("videos/7.webm");
        somethingSomething(train.replace('\'', '"'));
        refused("train.json", message);
    }

    @Test
    void tarShardsThatCannotBeRightAreRefused() throws IOException {
        Path shard = root.resolve("train-000.tar");
        byte[] entry = TarFile.file("0.png", picture(0));
        TarFile.write(shard, entry);
        refused("train-000.tar", "0.png has no class: expected 0.cls beside it, or 0.json with a label");
        TarFile.write(shard, entry, TarFile.file("0.cls", "cat"));
        refused("train-000.tar", "0.cls does not contain a class number");
        TarFile.write(shard, TarFile.header("0.png", 7_000_000_000L, '0'));
        refused("train-000.tar", "ends too early: it was cut off");
        Files.write(shard, java.util.Arrays.copyOf(entry, 512));
        refused("train-000.tar", "ends too early: it was cut off");
        Files.write(shard, java.util.Arrays.copyOf(entry, 300));
        refused("train-000.tar", "cut off");
        Files.write(shard, picture(0));
        refused("train-000.tar", "tar");
        Files.write(shard, new byte[0]);
        refused("train-000.tar", "the file is empty");
        byte[] damaged = entry.clone();
        damaged[3] ^= 1;
        TarFile.write(shard, damaged);
        refused("train-000.tar", "not a tar file, or a damaged one");
        TarFile.write(shard);
        refused("has no samples");
    }

    private void refused(String... parts) {
        refused(root, parts);
    }

    private static void refused(Path directory, String... parts) {
        assertThatThrownBy(() -> Datasets.open(directory))
                .isInstanceOf(HieraException.class)
                .hasMessageContainingAll(parts)
                .satisfies(fault -> assertThat(fault.toString()).hasLineCount(1));
    }
}
