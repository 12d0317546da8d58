"""Timing for every peer, as in `hiera benchmark`: the median of warm runs; with --load, means measured alternately idle and with busy processes;
with --turns, measurements at the request of compare.py, which measures other programs in between."""

import json
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

BUSY = "import sys, threading\nprint('busy', flush=True)\nx = 1.0\nwhile True: x = x * 0.999 + 0.001"
ROUNDS = 2
MOST_RUNS_OF_A_TURN = 1000


def median_milliseconds(run, seconds, fewest):
    for _ in range(2):
        run()
    times = []
    deadline = time.perf_counter() + seconds
    while len(times) < fewest or (time.perf_counter() < deadline and len(times) < 100):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    times.sort()
    return times[len(times) // 2]


def mean_milliseconds(run, seconds, callers=1):
    """Returns the elapsed milliseconds per run while a number of threads run the model over and over."""
    start = time.perf_counter()

    def call(_):
        runs = 0
        while runs == 0 or time.perf_counter() - start < seconds:
            run()
            runs += 1
        return runs

    with ThreadPoolExecutor(callers) as threads:
        runs = sum(threads.map(call, range(callers)))
    return (time.perf_counter() - start) * 1e3 / runs


class BusyProcesses:
    """Keeps processors busy with one process each, inside a with statement."""

    def __init__(self, count):
        self.count = count
        self.processes = []

    def __enter__(self):
        try:
            for _ in range(self.count):
                self.processes.append(subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE))
            for process in self.processes:
                if process.stdout.readline().strip() != b"busy":
                    raise RuntimeError("a busy process ended at once")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()


def under_load(run, seconds, processes, callers):
    """Returns the mean milliseconds, idle and loaded."""
    run()
    idle, loaded = [], []
    for _ in range(ROUNDS):
        idle.append(mean_milliseconds(run, seconds / (2 * ROUNDS), callers))
        with BusyProcesses(processes):
            run()
            loaded.append(mean_milliseconds(run, seconds / (2 * ROUNDS), callers))
    return sum(idle) / ROUNDS, sum(loaded) / ROUNDS


def timed_runs(run, seconds):
    """Returns the milliseconds of each run; no run is started after the given time, but at least one is measured."""
    times = []
    deadline = time.perf_counter() + seconds
    while not times or (time.perf_counter() < deadline and len(times) < MOST_RUNS_OF_A_TURN):
        start = time.perf_counter()
        run()
        times.append(round((time.perf_counter() - start) * 1e3, 3))
    return times


def answer_turns(run, options, description):
    """Warms up and prints a line with "ready"; then measures for the seconds in each line of standard input, and prints the figures."""
    run()
    run()
    timed_runs(run, 1)
    print(json.dumps({"ready": True, **description}), flush=True)
    for line in sys.stdin:
        try:
            seconds = float(line)
            if not 0 <= seconds <= 86400:
                raise ValueError
        except ValueError:
            sys.exit(f"standard input: expected 0 to 86400 seconds, got {line.strip()!r}")
        if options.load:
            idle, loaded = under_load(run, seconds, options.load, options.callers)
            figures = {"idleMilliseconds": idle, "loadedMilliseconds": loaded, "share": idle / loaded}
        else:
            times = timed_runs(run, seconds)
            figures = {"milliseconds": statistics.median(times), "runs": times}
        print(json.dumps(figures), flush=True)


def add_options(parser):
    parser.add_argument("--model", default="hiera_base_224")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--load", type=int, default=0, metavar="N", help="measure idle and with N busy processes")
    parser.add_argument("--callers", type=int, default=1, metavar="N", help="with --load: threads that run the model at the same time")
    parser.add_argument("--turns", action="store_true", help="measure for the seconds in each line of standard input, as hiera benchmark does")


def report(run, options, backend, dtype, threads, fewest=5):
    """Measures and prints one JSON line, or with --turns one per turn."""
    line = {"model": options.model, "backend": backend, "dtype": dtype, "batch": options.batch, "threads": threads}
    if options.turns:
        answer_turns(run, options, line)
        return
    if options.load:
        run()  # one-time preparation
        idle, loaded = under_load(run, options.seconds, options.load, options.callers)
        line.update(callers=options.callers, busyProcesses=options.load, idleMilliseconds=idle, loadedMilliseconds=loaded, share=idle / loaded)
    else:
        median = median_milliseconds(run, options.seconds, fewest)
        line.update(milliseconds=round(median, 2), samplesPerSecond=round(options.batch * 1e3 / median, 3))
    print(json.dumps(line))
