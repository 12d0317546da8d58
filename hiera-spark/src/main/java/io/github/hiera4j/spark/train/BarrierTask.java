package io.github.hiera4j.spark.train;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.torch.distributed.LostProcessException;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.run.SavedRun;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.run.Trainer;
import io.github.hiera4j.train.run.TrainingProcesses;
import java.io.IOException;
import java.io.Serializable;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.BarrierTaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** One process of a training, in a task of a barrier stage. */
final class BarrierTask extends AbstractFunction1<Iterator<Integer>, Iterator<String>> implements Serializable {
    private static final long serialVersionUID = 1;

    /** Prefix of the message of a failure that the user can correct. */
    static final String FAILED = "failed ";

    /** Prefix of the message of a process that lost another one. */
    static final String LOST = "lost ";

    private final HashMap<String, String> recipe;
    private final String data;
    private final String start;
    private final String out;
    private final Trainer.Existing existing;
    private final boolean restarted;

    /** @param restarted whether the same job has trained before; a run in the directory is then continued */
    BarrierTask(
            Map<String, String> recipe,
            String data,
            String start,
            String out,
            Trainer.Existing existing,
            boolean restarted) {
        this.recipe = new HashMap<>(recipe);
        this.data = data;
        this.start = start;
        this.out = out;
        this.existing = existing;
        this.restarted = restarted;
    }

    @Override
    public Iterator<String> apply(Iterator<Integer> ranks) {
        BarrierTaskContext context = BarrierTaskContext.get();
        String answer;
        try {
            answer = train(context, environment(context));
        } catch (LostProcessException lost) {
            answer = LOST + lost.getMessage();
        } catch (HieraException failure) {
            answer = FAILED + failure.getMessage();
        }
        return scala.jdk.javaapi.CollectionConverters.asScala(List.of(answer).iterator());
    }

    /** The variables that a launcher sets in the environment of a process. */
    private static Map<String, String> environment(BarrierTaskContext context) {
        List<String> hosts = Arrays.stream(context.getTaskInfos())
                .map(task -> task.address().replaceFirst(":\\d+$", ""))
                .toList();
        int rank = context.partitionId();
        String own = hosts.get(rank);
        String[] ports = context.allGather(rank == 0 ? String.valueOf(freePort()) : "");
        Map<String, String> environment = new HashMap<>();
        environment.put("RANK", String.valueOf(rank));
        environment.put("WORLD_SIZE", String.valueOf(hosts.size()));
        environment.put("MASTER_ADDR", hosts.get(0));
        environment.put("MASTER_PORT", ports[0]);
        environment.put(
                "LOCAL_RANK",
                String.valueOf(
                        hosts.subList(0, rank).stream().filter(own::equals).count()));
        environment.put(
                "LOCAL_WORLD_SIZE",
                String.valueOf(hosts.stream().filter(own::equals).count()));
        String timeout = System.getenv(TrainingProcesses.TIMEOUT_VARIABLE);
        if (timeout != null) {
            environment.put(TrainingProcesses.TIMEOUT_VARIABLE, timeout);
        }
        return environment;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException fault) {
            throw new HieraException("no free port on this host: " + fault.getMessage(), fault);
        }
    }

    private String train(BarrierTaskContext context, Map<String, String> environment) {
        Recipe settings = RecipeSettings.parse(new HashMap<>(recipe));
        if (settings.run().threads() == 0) { // other tasks use the other cores of the node
            settings = settings.with("threads", String.valueOf(context.cpus()));
        }
        StopSignal stop = new StopSignal();
        Thread watcher = new Thread(() -> watch(context, stop), "hiera-stop");
        watcher.setDaemon(true);
        watcher.start();
        try (TrainingProcesses processes = TrainingProcesses.join(environment)) {
            Trainer trainer = Trainer.of(settings)
                    .data(Path.of(data))
                    .out(Path.of(out))
                    .existing(existing())
                    .stop(stop)
                    .command(HieraSparkTrainer.class.getSimpleName())
                    .processes(processes);
            if (!start.isEmpty()) {
                trainer.start(Path.of(start));
            }
            var outcome = trainer.run().outcome();
            return outcome.complete() + " " + outcome.steps();
        } finally {
            watcher.interrupt();
        }
    }

    /** A restart continues the run that the job itself started. */
    private Trainer.Existing existing() {
        if (!restarted) {
            return existing;
        }
        try {
            SavedRun.read(Path.of(out));
            return Trainer.Existing.RESUME;
        } catch (HieraException none) {
            return existing;
        }
    }

    /** A cancelled job ends after the current step, with a checkpoint. */
    private static void watch(BarrierTaskContext context, StopSignal stop) {
        try {
            while (!context.isInterrupted() && !context.isCompleted()) {
                Thread.sleep(500);
            }
            stop.request();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
