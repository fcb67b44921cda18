from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator

import pytest
from distributed import Client

from modclock.grokking.presets import PRESETS
from modclock.study.compute import run
from modclock.study.compute.cluster import SCHEDULER_VARIABLE, compute_trials, open_cluster
from modclock.study.compute.run import run_trials
from modclock.study.compute.store import TrialStore
from modclock.study.errors import InputError, TrialError
from modclock.study.project import store_path
from modclock.study.trials.committee import CommitteeTrial
from modclock.study.trials.keys import trial_key
from modclock.study.trials.transformer import TransformerTrial
from modclock.study.trials.trial import Trial
from support import dask_cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Client]:
    with open_cluster(n_workers=2) as client:
        yield client


@pytest.fixture
def shared(cluster: Client, out, monkeypatch) -> Client:
    """`run_trials` finds this cluster, and a fresh store."""
    monkeypatch.setattr(run, "_notebook_client", lambda: cluster)
    return cluster


def transformer(**fields) -> TransformerTrial:
    sizes = {"p": 7, "width": 8, "mlp_width": 12, "n_steps": 30}
    return TransformerTrial(**PRESETS["classic"] | sizes | fields)


def committee(**fields) -> CommitteeTrial:
    sizes = {"n_inputs": 50, "n_examples": 100, "n_steps": 1000, "record_every": 500}
    return CommitteeTrial(examples=30.0, start_length=1.0, **sizes | fields)


def small(seed: int, **fields) -> Trial:
    return Trial(
        p=11,
        encoder_params={"n_clocks": 30},
        k=10,
        seed=seed,
        **({"classifier_params": {"width_factor": 0.05}} | fields),
    )


def test_parallel_trials_equal_serial_ones_to_the_last_bit(shared):
    batch = [small(seed) for seed in range(4)]
    run_trials(batch)
    stored = TrialStore(store_path()).get([trial_key(trial) for trial in batch])
    for trial in batch:
        assert json.dumps(stored[trial_key(trial)]) == json.dumps(trial.run())


def test_rows_come_in_the_order_of_the_trials_and_name_their_parameters(shared):
    rows = run_trials([small(2), small(0), small(2)])
    assert rows.seed.tolist() == [2, 0, 2]
    assert rows.encoder__n_clocks.tolist() == [30] * 3
    assert rows.classifier__width_factor.tolist() == [0.05] * 3
    assert rows.test_accuracy[0] == rows.test_accuracy[2]
    assert rows.test_diagonal_accuracy.isna().all()


def test_equal_trials_are_computed_once_and_stored_ones_not_at_all(shared, monkeypatch):
    asked: list[int] = []

    def spy(client, missing, store, on_done):
        asked.append(len(missing))
        return compute_trials(client, missing, store, on_done)

    monkeypatch.setattr(run, "compute_trials", spy)
    run_trials([small(0), small(0), small(1)])
    run_trials([small(1), small(2)])
    run_trials([small(0), small(2)])
    assert asked == [2, 1]


def test_transformers_come_out_alike_alone_and_beside_others(shared):
    batch = [transformer(seed=seed, n_checkpoints=2) for seed in range(2)] + [small(0)]
    run_trials(batch)
    stored = TrialStore(store_path()).get([trial_key(trial) for trial in batch])
    for trial in batch:
        assert json.dumps(stored[trial_key(trial)]) == json.dumps(trial.run())


def test_a_run_that_diverges_is_stored_and_named(shared, capsys):
    good, bad = transformer(), transformer(learning_rate=1e30)
    rows = run_trials([good, bad])
    assert rows.error.isna().tolist() == [True, False]
    said = capsys.readouterr().out
    assert said.count("ended early: the training loss is nan at step 10: TransformerTrial(") == 1
    assert trial_key(bad) in TrialStore(store_path()).get([trial_key(bad)])


def test_a_failing_trial_costs_no_other(shared):
    too_wide = small(0, classifier_params={"width_factor": 1e7})  # terabytes of weights
    good = [small(seed) for seed in (1, 2)]
    with pytest.raises(TrialError, match=r"1 trial\(s\) failed.*width_factor"):
        run_trials([good[0], too_wide, good[1]])
    assert len(TrialStore(store_path()).get(map(trial_key, good))) == 2


def test_a_metric_that_is_no_number_costs_no_other_trial(shared):
    diverging = committee(weight_decay=100.0)
    good = [small(3), committee(weight_decay=0.1)]
    with pytest.raises(TrialError, match=r"1 trial\(s\) failed.*no finite number"):
        run_trials([diverging, *good])
    assert len(TrialStore(store_path()).get(map(trial_key, good))) == 2


def test_a_value_map_over_its_memory_bound_is_told_in_one_line(shared, capfd):
    too_wide = small(0, classifier="value_map", classifier_params={}).model_copy(
        update={"encoder_params": {"n_clocks": 4000}}
    )
    with pytest.raises(TrialError, match=r"4000 bits and 11 classes take 2112000000 bytes") as told:
        run_trials([too_wide])
    assert "\n" not in str(told.value)
    assert "Compute Failed" not in capfd.readouterr().err


def test_two_clients_of_one_scheduler_share_a_running_trial(cluster, out):
    trial = small(7, classifier_params={"width_factor": 0.3, "max_iter": 200})
    key = trial_key(trial)
    stores = [TrialStore(out / f"{n}.sqlite") for n in (1, 2)]

    def compute_in(store: TrialStore) -> None:
        with Client(cluster.scheduler.address) as client:
            compute_trials(client, {key: trial}, store, lambda key: None)

    threads = [threading.Thread(target=compute_in, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = (
        sqlite3.connect(store.path).execute("SELECT metrics, seconds FROM trials").fetchall()
        for store in stores
    )
    assert first == second  # the same run: even the seconds are equal


def test_two_clusters_at_once_do_not_get_in_each_other_s_way(cluster, recwarn):
    with open_cluster(n_workers=1) as second:
        assert second.submit(sum, [1, 2]).result() == 3
    assert [str(item.message) for item in recwarn if "already in use" in str(item.message)] == []


def test_a_notebook_whose_scheduler_is_lost_can_go_on_with_another(out, tmp_path, monkeypatch):
    trials = [small(seed, classifier_params={"width_factor": 0.3}) for seed in range(9)]
    with dask_cluster(tmp_path / "cluster", n_workers=1) as (address, (scheduler, _)):
        monkeypatch.setenv(SCHEDULER_VARIABLE, address)
        run_trials(trials[:1])
        scheduler.kill()
        with pytest.raises(TrialError, match="the Dask scheduler is gone"):
            run_trials(trials)
        with pytest.raises(InputError, match=f"{SCHEDULER_VARIABLE}: no Dask scheduler"):
            run_trials(trials)


def test_an_unreachable_scheduler_is_one_clear_line():
    message = r"--scheduler: no Dask scheduler answers at 'tcp://"
    with pytest.raises(InputError, match=message), open_cluster("tcp://127.0.0.1:9"):
        pass
