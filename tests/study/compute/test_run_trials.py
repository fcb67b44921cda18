from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from distributed import Client

from modclock.grokking.presets import PRESETS
from modclock.study.compute import run_trials as of_notebooks
from modclock.study.compute.cluster import SCHEDULER_VARIABLE, compute_trials, open_cluster
from modclock.study.compute.run_trials import run_trials, trial_frame
from modclock.study.compute.store import TrialStore
from modclock.study.errors import InputError, TrialError
from modclock.study.project import store_path
from modclock.study.trials.base import BaseTrial
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
    monkeypatch.setattr(of_notebooks, "_notebook_client", lambda: cluster)
    return cluster


def transformer(**fields) -> TransformerTrial:
    sizes = {"p": 7, "width": 8, "mlp_width": 12, "n_steps": 30}
    return TransformerTrial(**PRESETS["classic"] | sizes | fields)


def committee(**fields) -> CommitteeTrial:
    sizes = {"n_inputs": 50, "n_examples": 100, "n_steps": 1000, "record_every": 500}
    return CommitteeTrial(examples=30.0, start_length=1.0, **sizes | fields)


def numbered(*trials: BaseTrial) -> dict[int, BaseTrial]:
    """A plan in which nothing but their number tells the trials apart."""
    return dict(enumerate(trials))


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
    run_trials(numbered(*batch))
    stored = TrialStore(store_path()).get([trial_key(trial) for trial in batch])
    for trial in batch:
        assert json.dumps(stored[trial_key(trial)]) == json.dumps(trial.run())


def test_rows_come_in_the_order_of_the_plan_and_name_parameters_and_labels(shared):
    rows = run_trials({"first": small(2), "then": small(0), "again": small(2)})
    assert rows.label.tolist() == ["first", "then", "again"]
    assert rows.seed.tolist() == [2, 0, 2]
    assert rows.encoder__n_clocks.tolist() == [30] * 3
    assert rows.classifier__width_factor.tolist() == [0.05] * 3
    assert rows.test_accuracy[0] == rows.test_accuracy[2]
    assert rows.test_diagonal_accuracy.isna().all()


class Width(NamedTuple):
    network: str
    classifier__width_factor: float


def test_labels_become_columns_after_the_metrics_but_for_what_the_trials_have_themselves():
    plan = {("few", seed): small(seed) for seed in (1, 0)}
    frame = trial_frame(plan, ["input", "seed"], [{"accuracy": 0.5}, {"accuracy": 0.25}])
    assert list(frame)[-2:] == ["accuracy", "input"]
    assert frame.input.tolist() == ["few", "few"]
    assert frame.seed.tolist() == [1, 0]


def test_a_named_tuple_names_its_own_columns_and_other_labels_have_none_there():
    plan = {Width("MLP", 0.05): small(0), "alone": small(1)}
    frame = trial_frame(plan, ["label"], [{}, {}])
    assert frame.network.tolist() == ["MLP", pytest.approx(float("nan"), nan_ok=True)]
    assert frame.classifier__width_factor.tolist() == [0.05, 0.05]


@pytest.mark.parametrize(
    ("label", "names", "message"),
    [
        (("few", 1), ["input", "seed"], "the trial has 0 as seed"),
        (0.5, ["accuracy"], "the trial has 0.25 as accuracy"),
        (("few", 0), ["input"], "one entry for each of input"),
        ("few", ["input", "seed"], "one entry for each of input, seed"),
    ],
)
def test_a_label_that_does_not_fit_its_trial_is_refused(label, names, message):
    with pytest.raises(ValueError, match=message):
        trial_frame({label: small(0)}, names, [{"accuracy": 0.25}])


def test_a_metric_called_like_a_field_is_refused():
    with pytest.raises(ValueError, match="Trial: both field and metric: k, seed"):
        trial_frame({"a": small(0)}, ["label"], [{"accuracy": 0.5, "seed": 3, "k": 2}])


def test_equal_trials_are_computed_once_and_stored_ones_not_at_all(shared, monkeypatch):
    asked: list[int] = []

    def spy(client, missing, store, on_done):
        asked.append(len(missing))
        return compute_trials(client, missing, store, on_done)

    monkeypatch.setattr(of_notebooks, "compute_trials", spy)
    run_trials(numbered(small(0), small(0), small(1)))
    run_trials(numbered(small(1), small(2)))
    run_trials(numbered(small(0), small(2)))
    assert asked == [2, 1]


def test_transformers_come_out_alike_alone_and_beside_others(shared):
    batch = [transformer(seed=seed, n_checkpoints=2) for seed in range(2)] + [small(0)]
    run_trials(numbered(*batch))
    stored = TrialStore(store_path()).get([trial_key(trial) for trial in batch])
    for trial in batch:
        assert json.dumps(stored[trial_key(trial)]) == json.dumps(trial.run())


def test_a_run_that_diverges_is_stored_and_named(shared, capsys):
    good, bad = transformer(), transformer(learning_rate=1e30)
    rows = run_trials(numbered(good, bad))
    assert rows.error.isna().tolist() == [True, False]
    said = capsys.readouterr().out
    assert said.count("ended early: the training loss is nan at step 10: TransformerTrial(") == 1
    assert trial_key(bad) in TrialStore(store_path()).get([trial_key(bad)])


def test_a_failing_trial_costs_no_other(shared):
    too_wide = small(0, classifier_params={"width_factor": 1e7})  # terabytes of weights
    good = [small(seed) for seed in (1, 2)]
    with pytest.raises(TrialError, match=r"1 trial\(s\) failed.*width_factor"):
        run_trials(numbered(good[0], too_wide, good[1]))
    assert len(TrialStore(store_path()).get(map(trial_key, good))) == 2


def test_a_metric_that_is_no_number_costs_no_other_trial(shared):
    diverging = committee(weight_decay=100.0)
    good = [small(3), committee(weight_decay=0.1)]
    with pytest.raises(TrialError, match=r"1 trial\(s\) failed.*no finite number"):
        run_trials(numbered(diverging, *good))
    assert len(TrialStore(store_path()).get(map(trial_key, good))) == 2


def test_a_value_map_over_its_memory_bound_is_told_in_one_line(shared, capfd):
    too_wide = small(0, classifier="value_map", classifier_params={}).model_copy(
        update={"encoder_params": {"n_clocks": 4000}}
    )
    with pytest.raises(TrialError, match=r"4000 bits and 11 classes take 2112000000 bytes") as told:
        run_trials(numbered(too_wide))
    assert "\n" not in str(told.value)
    assert "Compute Failed" not in capfd.readouterr().err


def test_two_clients_of_one_scheduler_share_a_running_trial(cluster, out):
    trial = small(7, classifier_params={"width_factor": 0.3, "max_iter": 200})
    key = trial_key(trial)
    stores = [TrialStore(out / f"{n}.sqlite") for n in (1, 2)]

    def compute_in(store: TrialStore) -> None:
        with Client(cluster.scheduler.address, security=cluster.security) as client:
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
        run_trials(numbered(trials[0]))
        scheduler.kill()
        with pytest.raises(TrialError, match="the Dask scheduler is gone"):
            run_trials(numbered(*trials))
        with pytest.raises(InputError, match=f"{SCHEDULER_VARIABLE}: no Dask scheduler"):
            run_trials(numbered(*trials))


def test_an_unreachable_scheduler_is_one_clear_line():
    message = r"--scheduler: no Dask scheduler answers at 'tcp://"
    with pytest.raises(InputError, match=message), open_cluster("tcp://127.0.0.1:9"):
        pass
