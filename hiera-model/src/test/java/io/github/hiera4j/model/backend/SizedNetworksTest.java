package io.github.hiera4j.model.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizedNetworksTest {
    private final List<Integer> opened = new ArrayList<>();
    private final List<Integer> closed = new ArrayList<>();

    private SizedNetworks<Integer> keeping(int kept) {
        return new SizedNetworks<>(
                kept,
                size -> {
                    opened.add(size.get(0));
                    return size.get(0);
                },
                closed::add);
    }

    @Test
    void theSizeThatWasUnusedLongestIsClosedFirst() {
        try (SizedNetworks<Integer> networks = keeping(2)) {
            for (int size : new int[] {1, 2, 1, 3, 1, 2}) {
                int used = networks.use(List.of(size), network -> network);
                assertThat(used).isEqualTo(size);
                assertThat(networks.size()).isLessThanOrEqualTo(2);
            }
            assertThat(opened).containsExactly(1, 2, 3, 2);
            assertThat(closed).containsExactly(2, 3);
            assertThat(networks.sum(Integer::longValue)).isEqualTo(3);
        }
        assertThat(closed).containsExactlyInAnyOrder(2, 3, 1, 2);
    }

    @Test
    void aSizeThatIsInUseStaysOpen() {
        try (SizedNetworks<Integer> networks = keeping(1)) {
            networks.use(List.of(1), outer -> {
                networks.prepare(List.of(2));
                assertThat(closed).doesNotContain(1);
                return outer;
            });
            assertThat(networks.size()).isEqualTo(1);
            assertThat(opened).containsExactly(1, 2);
        }
    }

    @Test
    void nothingIsCompiledAfterClosing() {
        SizedNetworks<Integer> networks = keeping(2);
        networks.prepare(List.of(1));
        networks.close();
        assertThat(closed).containsExactly(1);
        for (int size = 1; size <= 2; size++) {
            List<Integer> wanted = List.of(size);
            assertThatThrownBy(() -> networks.use(wanted, network -> network))
                    .isInstanceOf(HieraException.class)
                    .hasMessage("the model is closed: load it again to use it");
        }
        assertThat(opened).containsExactly(1);
    }

    @Test
    void aSizeThatCannotBeOpenedIsNotKept() {
        SizedNetworks<Integer> networks = new SizedNetworks<>(
                2,
                size -> {
                    throw new HieraException("no such size");
                },
                closed::add);
        assertThatThrownBy(() -> networks.prepare(List.of(1))).hasMessage("no such size");
        assertThat(networks.size()).isZero();
        assertThatThrownBy(() -> keeping(0)).hasMessageContaining("1 or more, got 0");
    }
}
