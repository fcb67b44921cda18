"""Firefox as tests drive it: by WebDriver BiDi, the W3C's protocol, without a driver beside it."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websocket import WebSocket, create_connection

LISTENING = re.compile(r"WebDriver BiDi listening on (\S+)")
SECONDS_TO_ANSWER = 60


class Firefox:
    """One tab; what it asked for and what its console said is kept until the next page."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._numbers = itertools.count()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self._call("session.new", capabilities={})
        self._call("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        tabs = self._call("browsingContext.getTree")["contexts"]
        self._tab = tabs[0]["context"]

    def open(self, page: Path) -> None:
        """Open a file, and wait until all of it is there."""
        self.requests.clear()
        self.errors.clear()
        self._call(
            "browsingContext.navigate", context=self._tab, url=page.as_uri(), wait="complete"
        )

    def size(self, width: int, height: int) -> None:
        """Give the page so many pixels."""
        viewport = {"width": width, "height": height}
        self._call("browsingContext.setViewport", context=self._tab, viewport=viewport)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript, awaited if it is a promise."""
        found = self._call(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then(value => JSON.stringify(value))",
            target={"context": self._tab},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise RuntimeError(found["exceptionDetails"]["text"])
        return json.loads(found["result"].get("value", "null"))

    def run(self, script: str) -> None:
        """Run a script for what it does."""
        target = {"context": self._tab}
        self._call("script.evaluate", expression=script, target=target, awaitPromise=False)

    def close(self) -> None:
        """End the browser."""
        self._call("browser.close")

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("id") == number:
                if said["type"] == "error":
                    raise RuntimeError(f"{method}: {said['message']}")
                return said["result"]
            self._heard(said)

    def _heard(self, event: dict[str, Any]) -> None:
        about = event.get("params", {})
        if event.get("method") == "network.beforeRequestSent":
            self.requests.append(about["request"]["url"])
        elif event.get("method") == "log.entryAdded" and about["level"] == "error":
            self.errors.append(about["text"])


@contextmanager
def started(program: str, profile: Path, scheme: str = "light") -> Iterator[Firefox]:
    """A Firefox without a window, with a new profile in a folder that is there."""
    wanted = {"light": 1, "dark": 0}[scheme]
    setting = f'user_pref("layout.css.prefers-color-scheme.content-override", {wanted});\n'
    (profile / "user.js").write_text(setting, encoding="utf-8")
    process = subprocess.Popen(
        [program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        address = next(found[1] for line in process.stderr if (found := LISTENING.search(line)))
        socket = create_connection(
            f"{address}/session", timeout=SECONDS_TO_ANSWER, suppress_origin=True
        )
        firefox = Firefox(socket)
        yield firefox
        firefox.close()
        process.wait(SECONDS_TO_ANSWER)
    finally:
        process.kill()
        process.wait()
