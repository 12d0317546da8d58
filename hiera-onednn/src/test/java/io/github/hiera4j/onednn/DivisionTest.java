package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.parity.Goldens;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How batches are divided among threads. */
class DivisionTest {
    private static Graph logits(HieraVariant variant) {
        return new Hiera(variant.config()).inferenceGraph().select(Hiera.LOGITS);
    }

    @Test
    void everySampleIsInOnePieceAndNoMoreThreadsAreUsedThanThereAre() {
        for (int threads : new int[] {1, 2, 3, 16}) {
            for (int batch = 1; batch <= 70; batch++) {
                int next = 0;
                List<Division.Piece> pieces = Division.of(logits(HieraVariant.HIERA_BASE_224), batch, threads);
                for (Division.Piece piece : pieces) {
                    assertThat(piece.first()).isEqualTo(next);
                    assertThat(piece.threads()).isBetween(1, threads);
                    next += piece.samples();
                }
                assertThat(next).isEqualTo(batch);
                int together = pieces.stream()
                        .filter(piece -> piece.threads() > 1)
                        .mapToInt(Division.Piece::threads)
                        .sum();
                assertThat(together).isLessThanOrEqualTo(threads);
            }
        }
    }

    @Test
    void oneImageIsComputedByAllThreadsAndMoreByOneEach() {
        Graph graph = logits(HieraVariant.HIERA_BASE_224);
        assertThat(Division.of(graph, 1, 2)).containsExactly(new Division.Piece(0, 1, 2));
        assertThat(Division.of(graph, 3, 2))
                .containsExactly(new Division.Piece(0, 1, 1), new Division.Piece(1, 1, 1), new Division.Piece(2, 1, 2));
        assertThat(Division.of(graph, 5, 16)).hasSize(5).allMatch(piece -> piece.threads() == 3);
    }

    @Test
    void smallSamplesShareAPieceWhereThreadsHaveEnoughOfThem() {
        Graph small = Goldens.read("nano_image").graph().select(Hiera.LOGITS);
        assertThat(Division.of(small, 64, 2)).hasSize(8).allMatch(piece -> piece.samples() == 8);
        assertThat(Division.of(small, 8, 2)).hasSize(8);
    }

    @Test
    void aBatchWhoseOutputJoinsItsSamplesIsNeverDivided() {
        Graph loss = Goldens.read("mae_hiera_tiny_224").graph().select("loss");
        assertThat(Division.of(loss, 64, 2)).containsExactly(new Division.Piece(0, 64, 2));
    }
}
