from __future__ import annotations

import multiprocessing
import sqlite3
import time
from pathlib import Path

import pytest

from modclock.study.compute.store import TrialStore


def write_many(path: Path, writer: int, count: int) -> None:
    store = TrialStore(path)
    for number in range(count):
        store.put(f"shared-{number}", {"n": number}, {"by": writer}, seconds=0.0)
        store.put(f"own-{writer}-{number}", {"n": number}, {"by": writer}, seconds=0.0)


def test_two_writers_at_once_lose_nothing(tmp_path):
    path = tmp_path / "trials.sqlite"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(path, n, 100)) for n in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    keys = [f"own-{w}-{n}" for w in (1, 2) for n in range(100)]
    keys += [f"shared-{n}" for n in range(100)]
    assert len(TrialStore(path).get(keys)) == 300


def put_at_once(folder: Path, writer: int, count: int, barrier) -> None:
    for number in range(count):
        barrier.wait(timeout=60)
        TrialStore(folder / f"{number}.sqlite").put(f"by-{writer}", {}, {}, seconds=0.0)


def test_writers_that_make_a_store_at_the_same_time_lose_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    arguments = [(tmp_path, writer, 60, barrier) for writer in range(3)]
    writers = [context.Process(target=put_at_once, args=given) for given in arguments]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    for number in range(60):
        assert len(TrialStore(tmp_path / f"{number}.sqlite").get(["by-0", "by-1", "by-2"])) == 3


def test_a_killed_writer_leaves_all_that_it_had_finished(tmp_path):
    path = tmp_path / "trials.sqlite"
    context = multiprocessing.get_context("spawn")
    writer = context.Process(target=write_many, args=(path, 1, 100_000))
    writer.start()
    store = TrialStore(path)
    deadline = time.monotonic() + 30
    while "shared-20" not in store.get(["shared-20"]) and time.monotonic() < deadline:
        time.sleep(0.01)
    writer.kill()
    writer.join()
    assert len(store.get([f"shared-{n}" for n in range(21)])) == 21
    store.put("after", {}, {"fine": True}, seconds=0.0)
    assert store.get(["after"])["after"] == {"fine": True}


def test_the_first_result_for_a_key_stays(tmp_path):
    store = TrialStore(tmp_path / "trials.sqlite")
    store.put("key", {}, {"value": 1}, seconds=1.0)
    store.put("key", {}, {"value": 2}, seconds=2.0)
    assert store.get(["key"])["key"] == {"value": 1}


def test_reading_an_absent_store_writes_nothing(tmp_path):
    assert TrialStore(tmp_path / "none" / "trials.sqlite").get(["key"]) == {}
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_json_is_refused_and_not_kept(tmp_path):
    store = TrialStore(tmp_path / "trials.sqlite")
    with pytest.raises(ValueError, match="JSON"):
        store.put("key", {}, {"value": float("nan")}, seconds=0.0)
    assert store.get(["key"]) == {}


def test_a_damaged_store_is_told_in_one_line(tmp_path):
    path = tmp_path / "trials.sqlite"
    path.write_text("this is no database, but long enough to be looked at as one" * 20)
    for use in (lambda s: s.get(["key"]), lambda s: s.put("key", {}, {}, seconds=0.0)):
        with pytest.raises(OSError, match="trial store can't be used") as caught:
            use(TrialStore(path))
        assert str(path) in str(caught.value)


def test_the_store_is_a_plain_table(tmp_path):
    path = tmp_path / "trials.sqlite"
    TrialStore(path).put("key", {"p": 97}, {"test_accuracy": 0.5}, seconds=0.0)
    query = "SELECT json_extract(metrics, '$.test_accuracy') FROM trials"
    assert sqlite3.connect(path).execute(query).fetchall() == [(0.5,)]


def test_a_note_keeps_its_first_time_and_is_no_trial(tmp_path):
    store = TrialStore(tmp_path / "trials.sqlite")
    first = store.note("predictions")
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE notes SET written = '2026-01-01T00:00:00+00:00'")
    connection.close()
    assert store.note("predictions") == "2026-01-01T00:00:00+00:00" < first
    assert store.get(["predictions"]) == {}


def test_finished_trials_have_a_time(tmp_path):
    store = TrialStore(tmp_path / "trials.sqlite")
    before = store.note("before")
    store.put("trial", {}, {}, seconds=0.0)
    found = store.finished(["trial", "other"])
    assert found.keys() == {"trial"}
    assert before <= found["trial"] <= store.note("after")


@pytest.mark.parametrize("seconds", [float("inf"), float("-inf"), -1.0, 1e300])
def test_times_that_can_not_be_are_damage(tmp_path, seconds):
    """`Infinity` in provenance.json would be no JSON."""
    store = TrialStore(tmp_path / "trials.sqlite")
    store.put("key", {}, {"value": 1}, seconds=seconds)
    assert store.set_aside_if_damaged() is not None
    store.put("key", {}, {"value": 1}, seconds=2.0)
    assert store.set_aside_if_damaged() is None


def test_a_folder_in_the_place_of_a_store_is_one_line(tmp_path, modclock):
    (tmp_path / "trials.sqlite").mkdir()
    done = modclock("run", "01", "--profile", "smoke", "--out", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"modclock: error: {tmp_path / 'trials.sqlite'}: trial store")


def edited(path: Path, assignment: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(f"UPDATE trials SET {assignment} WHERE key = 'edited'")
    connection.close()


@pytest.mark.parametrize(
    "assignment",
    [
        "metrics = '{}'",
        """metrics = '{"accuracy": 0.5}'""",
        """metrics = '{"accuracy": 0.6, "epochs": 3}'""",
        "metrics = metrics || ' '",
        "seconds = 3.5",
        "seconds = 9e999",
    ],
)
@pytest.mark.parametrize("version", ["this", "older"])
def test_rows_that_no_trial_has_written_are_computed_again_and_no_others(
    tmp_path, assignment, version
):
    """Valid JSON, but not what was measured: a notebook would fail on it for ever."""
    store = TrialStore(tmp_path / "trials.sqlite")
    whole = {"accuracy": 0.5, "epochs": 3}
    for key in ("edited", "other"):
        store.put(key, {}, whole, seconds=1.0)
    if version == "older":
        with sqlite3.connect(store.path) as connection:
            connection.execute("DROP TABLE checksums")
        connection.close()
        assert store.set_aside_if_damaged() is None  # all rows have a checksum from here on
    edited(store.path, assignment)
    assert store.get(["edited", "other"]) == {"other": whole}
    assert store.seconds(["edited", "other"]).keys() == {"other"}
    aside = store.set_aside_if_damaged()
    assert aside is not None
    with sqlite3.connect(aside) as connection:
        assert connection.execute("SELECT count(*) FROM trials").fetchone() == (2,)
    connection.close()
    assert store.set_aside_if_damaged() is None
    store.put("edited", {}, whole, seconds=2.0)
    assert store.get(["edited", "other"]) == {"edited": whole, "other": whole}


def test_an_empty_row_of_an_older_store_is_computed_again(tmp_path):
    store = TrialStore(tmp_path / "trials.sqlite")
    store.put("edited", {}, {"accuracy": 0.5}, seconds=1.0)
    edited(store.path, "metrics = '{}'")
    with sqlite3.connect(store.path) as connection:
        connection.execute("DROP TABLE checksums")
    connection.close()
    assert store.get(["edited"]) == {}
    store.put("edited", {}, {"accuracy": 0.5}, seconds=1.0)  # without a run that sets it aside
    assert store.get(["edited"]) == {"edited": {"accuracy": 0.5}}
