package io.github.hiera4j.torch.distributed;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import java.nio.charset.StandardCharsets;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.TCPStore;

/**
 * Every process says at rank 0's store who it is, so that processes which were started with variables that do not fit say so at once
 * instead of waiting for others that never come.
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
     * Compares with rank 0, which compares with everyone.
     *
     * @throws io.github.hiera4j.model.HieraException if two processes have one rank, or another number of processes in mind
     */
    void answer() {
        check(
                store.add(RANK + place.rank(), 1) == 1,
                "RANK=%d: another process has this rank already: every process needs one of its own, or an earlier training"
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
