package io.github.hiera4j.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.evaluate.ClassMatch.ModelClasses;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassMatchTest {
    private static final ModelClasses ANIMALS = new ModelClasses(
            4,
            List.of("tench, Tinca tinca", "crane", "great grey owl, great gray owl", "crane"),
            List.of(List.of("n01440764"), List.of("n02012849"), List.of("n01622779"), List.of("n03126707")),
            true);

    private static ClassMatch match(ModelClasses model, String... data) {
        return ClassMatch.of(model, List.of(data), false);
    }

    @Test
    void aPermutedOrderIsUndone() {
        ModelClasses reversed = new ModelClasses(3, List.of("c", "b", "a"), List.of(), true);
        assertThat(match(reversed, "a", "b", "c").indices()).containsExactly(2, 1, 0);
        assertThat(ClassMatch.of(reversed, List.of("a", "b", "c"), true).indices())
                .containsExactly(0, 1, 2);
    }

    @Test
    void synsetsSynonymsAndOtherSpellingsAreFound() {
        ClassMatch match = match(ANIMALS, "n01622779", "Tinca_tinca", "n03126707");
        assertThat(match.indices()).containsExactly(2, 0, 3);
        assertThat(match.isSubset()).isTrue();
        assertThat(match.names().get(2)).isEqualTo("great grey owl, great gray owl");
        assertThat(match.note()).contains("by name", "3 of the model's 4 classes");
        assertThat(match(ANIMALS, "Great-Gray-Owl").indices()).containsExactly(2);
    }

    @Test
    void aNameOfTwoClassesOrOfNoneIsRefused() {
        refused(ANIMALS, "'crane' is not a class of the model", "crane", "n01440764");
        refused(ANIMALS, "the data has 2 classes, but 'unicorn'", "tench", "unicorn");
        refused(ANIMALS, "are the same class of the model", "tench", "n01440764");
        refused(new ModelClasses(4, List.of(), List.of(), true), "the model has no class names", "a", "b");
        refused(ANIMALS, "and 2 more", "a", "b", "c", "d", "e", "f", "g");
    }

    @Test
    void numbersAreNumbersAndNotAnAlphabet() {
        ModelClasses twelve = new ModelClasses(12, List.of(), List.of(), true);
        assertThat(match(twelve, "0", "10", "2").indices()).containsExactly(0, 10, 2);
        refused(twelve, "is not a class of the model", "0", "12");
    }

    @Test
    void aModelWithoutNamesIsComparedInOrderAndSaysSo() {
        ClassMatch match = match(new ModelClasses(2, List.of(), List.of(), true), "cat", "dog");
        assertThat(match.indices()).containsExactly(0, 1);
        assertThat(match.names()).containsExactly("cat", "dog");
        assertThat(match.note()).contains("in order, because the model has no class names");
        ModelClasses usual = new ModelClasses(2, List.of("tench", "goldfish"), List.of(), false);
        assertThat(match(usual, "cat", "dog").note()).contains("in order");
        assertThat(match(usual, "goldfish").indices()).containsExactly(1);
        refused(usual, "'dog' is not a class", "goldfish", "dog");
    }

    private static void refused(ModelClasses model, String message, String... data) {
        assertThatThrownBy(() -> match(model, data))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining(message);
    }
}
