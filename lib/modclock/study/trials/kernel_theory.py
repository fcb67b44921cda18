"""KernelTheory: the theory of kernel regression against the kernel machine itself."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from modclock.analysis.predictors.kernel_check import check_kernel_theory
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.encoded_task import EncodedTask


class KernelTheory(EncodedTask):
    """What is foretold of a kernel machine, and what it does, at several shares and depths.

    Parameters
    ----------
    task to seed : see `EncodedTask`; its training share and budget have no meaning here.
    shares : of the rows to train on.
    depths : layers of the network whose kernel it is.

    Examples
    --------
    >>> trial = KernelTheory(
    ...     size=11, encoder_params={"n_clocks": 30}, k=10, shares=[0.5], depths=[1])
    >>> len(trial.run()["checks"])
    1
    """

    shares: list[float] = Field(min_length=1)
    depths: list[int] = Field(min_length=1)

    def run(self) -> dict[str, Any]:
        """The key "checks" holds a dict for each share and depth, see `check_kernel_theory`."""
        rows = self.encoded()
        with one_thread_quietly():
            checks = check_kernel_theory(
                rows.codes,
                rows.answers,
                train_fractions=self.shares,
                depths=self.depths,
                random_state=self._stream(0),
            )
        return {"checks": [check._asdict() for check in checks]}
