package io.github.hiera4j.train.report;

import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.page.DataTable;
import io.github.hiera4j.train.page.DataTable.Cell;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.report.ClassFigures.Confusion;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The confusion matrix, the most frequent confusions and the figures of every class. */
public final class ClassesPanel implements ReportPanel {
    private static final int MOST_IN_MATRIX = 120;
    private static final int CONFUSED_IN_MATRIX = 40;
    private static final int MOST_CONFUSIONS = 20;

    @Override
    public void addTo(Page page, ReportSubject subject) {
        subject.evaluation().ifPresent(evaluation -> {
            List<String> names = subject.dataset().classNames();
            ClassFigures all = ClassFigures.of(evaluation, names);
            List<Integer> present = IntStream.range(0, names.size())
                    .filter(label -> all.samples(label) > 0)
                    .boxed()
                    .toList();
            List<Confusion> confusions = all.confusions();
            page.subheading("Confusion matrix");
            if (present.size() <= MOST_IN_MATRIX) {
                matrix(page, ClassFigures.of(evaluation, names, present));
            } else if (!confusions.isEmpty()) {
                List<Integer> confused = confused(confusions);
                page.paragraph("The " + confused.size() + " classes of the most frequent confusions, of "
                        + present.size() + " classes.");
                matrix(page, ClassFigures.of(evaluation, names, confused));
            }
            confusionTable(page, all, confusions);
            page.subheading("Classes");
            page.table(classTable(all, confusions));
        });
    }

    private static void matrix(Page page, ClassFigures figures) {
        page.matrix(figures.names(), figures.confusion());
    }

    private static List<Integer> confused(List<Confusion> confusions) {
        TreeSet<Integer> labels = new TreeSet<>();
        for (Confusion confusion : confusions) {
            if (labels.size() + 2 > CONFUSED_IN_MATRIX) {
                break;
            }
            labels.add(confusion.label());
            labels.add(confusion.predicted());
        }
        return List.copyOf(labels);
    }

    private static void confusionTable(Page page, ClassFigures figures, List<Confusion> confusions) {
        if (confusions.isEmpty()) {
            page.paragraph("No sample was predicted wrongly.");
            return;
        }
        page.subheading("Most frequent confusions");
        DataTable table = new DataTable(
                "Most frequent confusions", List.of("true class", "predicted as", "samples", "of the class"));
        confusions.stream().limit(MOST_CONFUSIONS).forEach(confusion -> {
            double share = (double) confusion.samples() / figures.samples(confusion.label());
            table.row(
                    Cell.of(figures.names().get(confusion.label())),
                    Cell.of(figures.names().get(confusion.predicted())),
                    Cell.of(confusion.samples()),
                    Cell.of(Percent.of(share), share));
        });
        page.table(table);
    }

    private static DataTable classTable(ClassFigures figures, List<Confusion> confusions) {
        DataTable table = new DataTable(
                "Figures of every class", List.of("class", "accuracy", "right", "samples", "most often mistaken for"));
        IntStream.range(0, figures.names().size())
                .filter(label -> figures.samples(label) > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(figures::accuracy))
                .forEach(label -> table.row(
                        Cell.of(figures.names().get(label)),
                        Cell.of(Percent.of(figures.accuracy(label)), figures.accuracy(label)),
                        Cell.of(figures.confusion()[label][label]),
                        Cell.of(figures.samples(label)),
                        Cell.of(confusions.stream()
                                .filter(confusion -> confusion.label() == label)
                                .findFirst()
                                .map(confusion ->
                                        figures.names().get(confusion.predicted()) + " (" + confusion.samples() + ")")
                                .orElse(""))));
        return table;
    }
}
