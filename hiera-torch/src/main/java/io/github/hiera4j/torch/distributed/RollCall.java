package io.github.hiera4j.torch.distributed;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import java.nio.charset.StandardCharsets;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.TCPStore;

/**
 * Checks that the processes were started with consistent variables. Every process registers its rank and world size in rank 0's store, so
 * that a mismatch is reported at once, instead of all of them waiting until the timeout.
 */
final class RollCall {
    private static final String RANK = "hiera/rank/";
    private static final String SIZE = "hiera/size/";

    private final ProcessPlace place;
    private final TCPStore store;

    RollCall(ProcessPlace place, TCPStore store) {
        this.place = place;
        this.store = store;
    }

    /**
     * Registers this process and compares its world size with that of rank 0; rank 0 compares with all others.
     *
     * @throws io.github.hiera4j.model.HieraException if two processes have the same rank, or different world sizes
     */
    void answer() {
        check(
                store.add(RANK + place.rank(), 1) == 1,
                "RANK=%d: another process already has this rank: give each process its own, and check that no earlier training"
                        + " still listens on MASTER_PORT=%d",
                place.rank(),
                place.port());
        byte[] own = String.valueOf(place.size()).getBytes(StandardCharsets.UTF_8);
        store.set(SIZE + place.rank(), new ByteVector(own));
        if (place.rank() > 0) {
            compareWith(0);
        } else {
            for (int other = 1; other < place.size(); other++) {
                compareWith(other);
            }
        }
    }

    private void compareWith(int other) {
        String size = new String(store.get(SIZE + other).get(), StandardCharsets.UTF_8);
        check(
                size.equals(String.valueOf(place.size())),
                "WORLD_SIZE is %d in rank %d and %s in rank %d: it must be the same in all processes",
                place.size(),
                place.rank(),
                Printable.of(size),
                other);
    }
}
