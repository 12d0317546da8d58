package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When one thread is preferred to a team; times are supplied by the tests, in milliseconds. */
class TeamChoiceTest {
    private static final String WORK = "one image";

    private final TeamChoice choice = new TeamChoice();

    /** Returns how many of the given number of runs are computed by one thread. */
    private int alone(int runs, double teamTime, double timeAlone) {
        int alone = 0;
        for (int run = 0; run < runs; run++) {
            boolean one = choice.prefersOneThread(WORK);
            alone += one ? 1 : 0;
            choice.note(WORK, one ? 1 : 2, one ? timeAlone : teamTime);
        }
        return alone;
    }

    @Test
    void aTeamThatKeepsItsSpeedIsAlwaysUsed() {
        assertThat(alone(200, 100, 190)).isZero();
        for (int run = 0; run < 200; run++) { // also if its speed varies a little
            assertThat(choice.prefersOneThread(WORK)).isFalse();
            choice.note(WORK, 2, 100 + run % 30);
        }
    }

    @Test
    void aTeamThatOtherProgramsSlowDownGivesWayToOneThreadUntilItIsFastAgain() {
        alone(20, 100, 190);
        assertThat(alone(100, 250, 190)).isBetween(80, 98);
        alone(60, 100, 190);
        assertThat(alone(100, 100, 190)).isZero();
    }

    @Test
    void aTeamThatIsSlowButStillFasterThanOneThreadIsKept() {
        alone(20, 100, 190);
        assertThat(alone(240, 160, 320)).isLessThan(30);
    }

    @Test
    void aSingleInterruptedRunChangesNothing() {
        alone(20, 100, 190);
        for (double duration : new double[] {220, 60_000}) { // the second one while the program was stopped
            choice.note(WORK, 2, duration);
            assertThat(alone(50, 100, 190)).isZero();
        }
    }

    @Test
    void firstRunsWhichPrepareKernelsDoNotCount() {
        choice.note(WORK, 2, 900);
        assertThat(alone(50, 100, 190)).isZero();
    }

    @Test
    void otherWorkHasTimesOfItsOwn() {
        alone(20, 100, 190);
        choice.note("a clip", 2, 4000);
        assertThat(choice.prefersOneThread(WORK)).isFalse();
        assertThat(choice.prefersOneThread("a clip")).isFalse();
    }
}
