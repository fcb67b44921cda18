"""RaceTrial: how fast one entrant learns addition modulo p, with settings found on another p."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, model_validator

from modclock.study.trials.base import BaseTrial, one_thread_quietly, random_stream

if TYPE_CHECKING:
    from modclock.grokking.entrants import Entrant, Problem
    from modclock.grokking.race import Race

_TARGET = 0.99  # test accuracy at which the race is over
_CLOSED = ("feature machine", "linear readout")


class RaceTrial(BaseTrial):
    """An entrant that is tuned on one modulus and races on another, with several seeds.

    Tuning is a random search: settings are drawn, each learns once, and the one with the fewest
    steps to 99 % of the test pairs is taken. Among equals, and where none gets there, it is the one
    with the highest test accuracy. No seed of the race sees the tuning's modulus.

    Parameters
    ----------
    method : one of `modclock.grokking.methods.METHODS`, "feature machine" or "linear readout".
    encoding : see `modclock.study.trials.race_inputs`.
    activation, width : of networks, see `modclock.grokking.pair_network`.
    split : of the pairs, see `modclock.datasets.split_pairs`.
    p, tuning_p : moduli.
    n_tuning, n_seeds : settings that are tried, seeds of the race.
    n_frequencies, n_clocks, k : size of the codes.
    batch_size, evaluate_every : of networks; a batch is at most all training pairs.
    n_steps, n_feature_steps : most steps of networks and of the feature machine.
    seed : of the search, and of the first race.

    Raises
    ------
    pydantic.ValidationError : for an unknown name or field, a wrong type, a value out of range, or
        GrokTransfer with codes that are given.

    Examples
    --------
    >>> trial = RaceTrial(method="linear readout", encoding="all cosines, bound", p=11, tuning_p=7,
    ...                   n_tuning=2, n_seeds=1)
    >>> [(race["steps"], race["reached"]) for race in trial.run()["races"]]
    [(1, True)]
    """

    method: str
    encoding: str
    activation: str = "square"
    split: str = "mirrored"
    p: int = Field(ge=5)
    tuning_p: int = Field(ge=5)
    n_tuning: int = Field(ge=1)
    n_seeds: int = Field(ge=1)
    n_frequencies: int = Field(default=5, ge=1)
    n_clocks: int = Field(default=400, ge=1)
    k: int = Field(default=133, ge=1)
    width: int = Field(default=128, ge=1)
    batch_size: int = Field(default=512, ge=1)
    evaluate_every: int = Field(default=10, ge=1)
    n_steps: int = Field(default=2000, ge=1)
    n_feature_steps: int = Field(default=30, ge=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        from modclock.grokking.race_names import ACTIVATION_NAMES, METHOD_NAMES
        from modclock.study.trials.race_inputs import NUMBERS, PAIRS
        from modclock.validation import check_choice

        check_choice("method", self.method, [*METHOD_NAMES, *_CLOSED])
        check_choice("encoding", self.encoding, [*NUMBERS, *PAIRS])
        check_choice("activation", self.activation, ACTIVATION_NAMES)
        check_choice("split", self.split, ["mirrored", "random"])
        if self.method == "GrokTransfer" and self.encoding != "one-hot":
            raise ValueError("encoding: GrokTransfer learns codes of its own; it takes one-hot")
        if self.p == self.tuning_p:
            raise ValueError(f"tuning_p: has to be another modulus than p, which is {self.p}")
        return self

    def run(self) -> dict[str, Any]:
        """Tune and race on one thread.

        Returns
        -------
        dict with

        - settings: what was chosen, as text; n_reached: seeds that got to 99 %;
        - tuning: for each setting a dict with steps, reached, test_accuracy and the setting;
        - races: for each seed a dict with race_seed, steps, reached, products (multiplications),
          train_accuracy and test_accuracy;
        - times: for each seed core-seconds of compiling and training. No two runs take equally
          long: these alone are not reproducible.
        """
        from modclock.grokking.methods import draw_settings
        from modclock.grokking.race import compiled_anew

        with one_thread_quietly():
            problem = self._problem(self.tuning_p, self.seed)
            entrant = self._entrant(problem)
            settings = draw_settings(entrant.ranges, self.n_tuning, self._stream(2))
            tried = [self._race(entrant, problem, setting, self.seed) for setting in settings]
            best = min(range(self.n_tuning), key=lambda number: _standing(tried[number]))
            seeds = range(self.seed, self.seed + self.n_seeds)
            races = []
            with compiled_anew():
                entrant = self._entrant(self._problem(self.p, self.seed))
            for seed in seeds:
                races.append(self._race(entrant, self._problem(self.p, seed), settings[best], seed))
        return {
            "settings": ", ".join(f"{name} {value:.2g}" for name, value in settings[best].items()),
            "n_reached": sum(_reached(race) for race in races),
            "tuning": [
                {
                    "steps": race.steps,
                    "reached": _reached(race),
                    "test_accuracy": race.test_accuracy,
                }
                | setting
                for race, setting in zip(tried, settings, strict=True)
            ],
            "races": [
                {"race_seed": seed, "reached": _reached(race)}
                | {name: getattr(race, name) for name in _MEASURED}
                for seed, race in zip(seeds, races, strict=True)
            ],
            "times": [
                {"race_seed": seed, "compiling": race.compiling, "training": race.training}
                for seed, race in zip(seeds, races, strict=True)
            ],
        }

    def _problem(self, p: int, seed: int) -> Problem:
        from modclock.study.trials.race_inputs import Size, make_problem

        size = Size(self.n_frequencies, self.n_clocks, self.k)
        streams = random_stream(seed, 0), random_stream(seed, 1)
        return make_problem(self.encoding, p, size, *streams, self.split)

    def _entrant(self, problem: Problem) -> Entrant:
        from modclock.grokking.entrants import FeatureMachineEntrant, NetworkEntrant, ReadoutEntrant

        if self.method == "feature machine":
            return FeatureMachineEntrant()
        if self.method == "linear readout":
            return ReadoutEntrant()
        return NetworkEntrant(
            self.method,
            problem,
            width=self.width,
            activation=self.activation,
            batch_size=min(self.batch_size, len(problem.train)),
            evaluate_every=self.evaluate_every,
        )

    def _race(
        self, entrant: Entrant, problem: Problem, settings: dict[str, float], seed: int
    ) -> Race:
        n_steps = self.n_feature_steps if self.method == "feature machine" else self.n_steps
        random_state = random_stream(seed, 2)
        return entrant.run(
            problem, settings, n_steps=n_steps, target=_TARGET, random_state=random_state
        )


_MEASURED = ("steps", "products", "train_accuracy", "test_accuracy")


def _reached(race: Race) -> bool:
    return race.test_accuracy >= _TARGET


def _standing(race: Race) -> tuple[float, float]:
    """Those who got there first, by their steps; equals and all others by what they got right."""
    return race.steps if _reached(race) else inf, -race.test_accuracy
