package io.github.hiera4j.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassFiguresTest {
    private static ClassFigures even(int classes, int each, String name) {
        List<String> names = IntStream.range(0, classes).mapToObj(i -> name + i).toList();
        int[][] confusion = new int[classes][classes];
        for (int label = 0; label < classes; label++) {
            confusion[label][label] = each;
            confusion[label][(label + 1) % classes] += each / 2;
        }
        return new ClassFigures(names, confusion);
    }

    @ParameterizedTest
    @CsvSource({"2, 9", "10, 60", "10, 5000", "20, 50", "20, 100000", "20, 1"})
    void tablesFitEightyColumnsAndNoCellTouchesAnother(int classes, int each) {
        ClassFigures figures = even(classes, each, "a_rather_long_name_of_a_class_that_goes_on_and_on_");
        assertThat(figures.lines())
                .hasSize(classes + 1)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(figures.matrix())
                .hasSize(classes + 2)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        String row = figures.matrix().get(2);
        assertThat(row.split(" +")).hasSize(2 + classes); // name, letter, cells
    }

    @Test
    void countsAreShownWhereTheyFitAndSharesOtherwise() {
        assertThat(even(3, 40, "c").matrix())
                .containsExactly(
                        "samples; rows: true class, columns: predicted class",
                        "      a  b  c",
                        "c0 a 40 20  .",
                        "c1 b  . 40 20",
                        "c2 c 20  . 40");
        assertThat(even(20, 5000, "class number ").matrix().get(0)).startsWith("percent of a row");
        assertThat(even(20, 5000, "class number ").matrix().get(2)).contains("a 67 33  .");
    }

    @Test
    void classesWithoutSamplesHaveNoAccuracyAndAreNotAmongTheHardest() {
        ClassFigures figures = new ClassFigures(List.of("x", "y", "z"), new int[][] {{3, 1, 0}, {0, 0, 0}, {4, 0, 0}});
        assertThat(figures.accuracy(0)).isEqualTo(0.75);
        assertThat(figures.lines().get(2)).isEqualTo("y             -        0");
        assertThat(figures.hardest(5))
                .hasSize(3)
                .element(1)
                .asString()
                .startsWith("z")
                .contains("0.0 %");
    }

    @Test
    void namesWithCommasAndQuotesAreQuotedInTheFile() {
        ClassFigures figures = new ClassFigures(List.of("a, b", "say \"c\""), new int[][] {{1, 2}, {3, 4}});
        assertThat(figures.csv())
                .isEqualTo("true class,\"a, b\",\"say \"\"c\"\"\"\r\n\"a, b\",1,2\r\n\"say \"\"c\"\"\",3,4\r\n");
    }
}
