"""Measures several programs in turn: all are started and warmed up one after the other, then wait, and are asked for short measurements.

Each program prints a line of JSON with "ready" when it is warm; then it reads seconds from standard input, one number per line, and answers
each with a line of JSON (`hiera benchmark --turns`; measure_peer.py and measure_onnx.py through peer_timing.py).
"""

import json
import os
import queue
import signal
import statistics
import subprocess
import tempfile
import threading
import time

SECONDS_TO_END = 10


class Unavailable(Exception):
    """A program cannot be measured; the message says why."""


class Program:
    """A running program and its answers. Its processes always end with close()."""

    def __init__(self, command):
        self.errors = tempfile.TemporaryFile()
        try:
            # A session of its own: Ctrl-C reaches only this script, and close() ends the children of the program, too.
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, start_new_session=True)
        except OSError as fault:
            self.errors.close()
            raise Unavailable(str(fault)) from fault
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith(b"{"):
                self.lines.put(line)
        self.lines.put(None)

    def answer(self, timeout):
        """Returns the next line of JSON."""
        try:
            line = self.lines.get(timeout=timeout)
        except queue.Empty:
            raise Unavailable(f"took longer than {timeout} s") from None
        if line is None:
            raise Unavailable(self._reason())
        try:
            return json.loads(line)
        except ValueError:
            raise Unavailable(f"unexpected output: {line[:100]!r}") from None

    def measure(self, seconds, timeout):
        """Returns the figures of one turn."""
        try:
            self.process.stdin.write(f"{seconds}\n".encode())
            self.process.stdin.flush()
        except OSError:  # the program has ended: answer() says why
            pass
        return self.answer(timeout)

    def _reason(self):
        try:
            status = self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            return "closed its output"
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        ended = f"ended by signal {-status}" if status < 0 else f"exit status {status}"
        return lines[-1][-200:] if lines and status >= 0 else ended

    def _kill(self):
        if not hasattr(os, "killpg"):  # Windows
            self.process.kill()
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:  # all have ended
            pass

    def finish(self):
        """Asks the program to end."""
        try:
            self.process.stdin.close()
        except OSError:
            pass

    def close(self, seconds=0):
        """Waits for the end of the program for a time, then ends it and its children."""
        self.finish()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self._kill()
            self.process.wait()
            self.errors.close()


def close_all(programs, seconds):
    """Ends programs; all have the same time to end by themselves."""
    for program in programs:
        program.finish()
    deadline = time.monotonic() + seconds
    for program in programs:
        program.close(max(0, deadline - time.monotonic()))


def measure(commands, turns, seconds, timeout, say, needed=None):
    """Measures programs in turn; the order is rotated by one in each turn.

    commands: functions that return the command line of a program, by name; one may raise Unavailable.
    needed: if the program of this name does not start, no further one is started, and nothing is measured.
    Returns by name: {"backend": name and version, "turns": [figures]}, or {"unavailable": reason} if a program does not start or fails later.
    """
    running, results = {}, {}

    def failed(name, fault):
        say(f"{name}: {fault}")
        results[name] = {"unavailable": str(fault)}
        if name in running:
            running.pop(name).close()

    patience = 0
    try:
        for name, command in commands.items():
            start = time.monotonic()
            try:
                running[name] = Program(command())
                description = running[name].answer(timeout)
                results[name] = {"backend": description["backend"], "turns": []}
                say(f"{name}: ready after {time.monotonic() - start:.0f} s")
            except Unavailable as fault:
                failed(name, fault)
                if name == needed:
                    return {name: results[name]}
        for turn in range(-1, turns):  # the first one is not counted: programs that waited for minutes need a moment to be fast again
            names = list(running)
            shift = turn % max(1, len(names))
            for name in names[shift:] + names[:shift]:
                try:
                    figures = running[name].measure(seconds if turn >= 0 else seconds / 3, timeout)
                    if turn >= 0:
                        results[name]["turns"].append(figures)
                except Unavailable as fault:
                    failed(name, fault)
        patience = SECONDS_TO_END
        return results
    finally:
        close_all(list(running.values()), patience)


def time_of(figures):
    """Returns the milliseconds of a turn by which programs are compared."""
    return figures["loadedMilliseconds"] if "loadedMilliseconds" in figures else figures["milliseconds"]


def median_of(turns):
    """Returns the milliseconds of all turns: the median of all runs, or of the means of turns under load."""
    runs = [run for figures in turns for run in figures.get("runs", [time_of(figures)])]
    return statistics.median(runs)


def ratios(own, others):
    """Returns for each turn how many times as long the other program took."""
    return [time_of(theirs) / time_of(ours) for ours, theirs in zip(own, others)]
