"""What edits of a copy of the study do to the keys and to the numbers of a few trials.

A script: it reads edits from standard input, a JSON list of [file, new text], and prints for each a
line with the keys of the trials, and with `--run` their metrics as well. Each edit is undone.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECONDS = 20  # of a core; an edit may make an endless loop
BUILD = """
from modclock.study.trials.committee import CommitteeTrial
from modclock.study.trials.knob_sweep import KnobSweep
from modclock.study.trials.trial import Trial
from own_study.trial import OwnTrial
clocks = {"p": 7, "encoder_params": {"n_clocks": 12}}
buckets = {"encoder": "ScalarEncoder", "encoder_params": {"p": 7, "n_bits": 20, "n_active": 4}}
committee = {"n_inputs": 8, "n_examples": 20, "n_steps": 20, "record_every": 10}
trials = {
    "value map": Trial(**clocks, k=4, classifier="value_map"),
    "ridge": Trial(p=7, **buckets, composition="concatenate", classifier="ridge_readout"),
    "network": Trial(**clocks, composition="dense_sum", classifier_params={
        "width_factor": 0.01, "max_iter": 3}),
    "sweep": KnobSweep(size=7, encoder_params={"n_clocks": 12}, k=4, epochs=3),
    "committee": CommitteeTrial(examples=30.0, weight_decay=0.1, start_length=1.0, **committee),
    "own": OwnTrial(),
}
"""
TRANSFORMER = """
from modclock.study.trials.transformer import TransformerTrial
trials["transformer"] = TransformerTrial(
    p=7, train_fraction=0.5, layers=1, heads=2, width=8, mlp_width=12, layer_norm=False,
    learning_rate=0.001, weight_decay=1.0, beta_2=0.98, warmup_steps=10, slow_gradient=0.0,
    batch_size=None, n_steps=20, n_checkpoints=2)
"""


def built(with_transformer: bool) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(BUILD, namespace)
    if with_transformer:
        exec(TRANSFORMER, namespace)
    return dict(namespace["trials"])


def keys(trials: dict[str, Any], path: Path) -> dict[str, str]:
    """The keys that a new process would give the trials."""
    from modclock._loaded import STAMPS, stamp
    from modclock.study.trials import module_files, sources
    from modclock.study.trials.keys import trial_key

    STAMPS[path] = stamp(path)
    sources._reached.cache_clear()
    module_files.data_files.cache_clear()
    found = {}
    for name, trial in trials.items():
        try:
            found[name] = trial_key(trial)
        except ValueError as error:
            found[name] = f"refused: {error}"
    return found


def numbers(with_transformer: bool) -> dict[str, Any]:
    """The metrics of the trials, in a process that has loaded nothing of the study."""
    found: dict[str, Any] = {}
    trials = built(with_transformer)
    for name, trial in trials.items():
        try:
            found[name] = json.dumps(trial.run())
        except Exception as error:
            found[name] = f"failed: {type(error).__name__}"
    return found


def in_a_fork(work: Callable[[], Any]) -> Any:
    """What a function returns in a forked process; None if that fails or takes too long."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        try:
            answer = json.dumps(work())
            with os.fdopen(write, "w") as stream:
                stream.write(answer)
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as stream:
        ready, _, _ = select.select([stream], [], [], 10 * SECONDS)
        if not ready:
            os.kill(child, signal.SIGKILL)
        text = stream.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def main() -> None:
    edits = json.load(sys.stdin)
    really, with_transformer = "--run" in sys.argv, "--transformer" in sys.argv
    sys.dont_write_bytecode = True
    if really:  # what is not the study's is imported once for all
        import pydantic  # noqa: F401
        import scipy.stats  # noqa: F401
        import sklearn.ensemble
        import sklearn.kernel_ridge
        import sklearn.linear_model
        import sklearn.naive_bayes
        import sklearn.neural_network  # noqa: F401
        import threadpoolctl  # noqa: F401

        def measure(path: Path) -> Any:
            return in_a_fork(lambda: numbers(with_transformer))
    else:
        trials = built(with_transformer=True)
        trials.pop("network")  # reaches what the value map does

        def measure(path: Path) -> Any:
            return keys(trials, path)

    for file, text in edits:
        path = Path(file)
        before = path.read_bytes()
        path.write_text(text, "utf-8")
        try:
            print(json.dumps(measure(path)), flush=True)
        finally:
            path.write_bytes(before)
            if not really:
                keys({}, path)


if __name__ == "__main__":
    main()
