"""A reader without a browser who tries every control of the pages and takes every file away.

Controls are found in what a page sends, not named here: one that a page gets later is tried too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.integration.serving import PageClient, Served

Place = tuple[int, ...]
# The kind of what unfolds, and all that it can be set to.
OPEN = "open"


@dataclass(frozen=True)
class Control:
    """Something to choose by.

    Attributes:
        chosen: what it is set to, as far as the page says so.
        is_set: whether the page has set it in this run, whatever the reader chose before.
    """

    kind: str
    id: str
    options: tuple[str, ...]
    chosen: tuple[str, ...] = ()
    is_set: bool = False

    @property
    def name(self) -> tuple[str, tuple[str, ...]]:
        """The same for the same choice in any run: the id without the hash of it."""
        return self.id.split("-", 2)[-1], self.options

    def state(self, *chosen: str) -> WidgetState:
        """The control once it is set to this."""
        found = WidgetState(id=self.id)
        if self.kind == "selectbox":
            found.string_value = chosen[0]
        elif self.kind == OPEN:
            found.bool_value = bool(chosen)
        else:
            found.string_array_value.data.extend(chosen)
        return found


@dataclass
class Panel:
    """A chart with what stands in its tabs: as sent, not as drawn."""

    figures: list[Any] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)


class View:
    """A page as it was sent in one run.

    Attributes:
        page: its name, with what was chosen on it.
        query: what stands in the address after it.
        taken: the files that it offered, by the id of their button.
    """

    def __init__(self, page: str, query: str, sent: list[ForwardMsg]) -> None:
        self.page = f"{page}?{query}"
        self.sent = sent
        told = [message.page_info_changed.query_string for message in sent]
        self.query = next((text for text in reversed(told) if text), query)
        self.taken: dict[str, bytes] = {}

    @cached_property
    def deltas(self) -> list[tuple[Place, Delta]]:
        """What the run put on the page, and where."""
        return [
            (tuple(message.metadata.delta_path), message.delta)
            for message in self.sent
            if message.WhichOneof("type") == "delta"
        ]

    @property
    def elements(self) -> Iterator[tuple[Place, str, Element]]:
        """What stands on the page, by place and kind."""
        for place, delta in self.deltas:
            if delta.WhichOneof("type") == "new_element":
                yield place, delta.new_element.WhichOneof("type") or "", delta.new_element

    @property
    def texts(self) -> list[str]:
        """The words on the page as it brings them: HTML, headings, messages."""
        kinds = {"html", "heading", "alert", "markdown", "text"}
        found = (getattr(element, kind).body for _, kind, element in self.elements if kind in kinds)
        return [body for body in found if not body.startswith("<style")]

    @property
    def controls(self) -> Iterator[Control]:
        """What the reader can choose by."""
        for _, kind, element in self.elements:
            part = getattr(element, kind)
            if kind == "selectbox":
                chosen = part.raw_value if part.set_value else part.options[part.default]
                yield Control(kind, part.id, tuple(part.options), (chosen,), part.set_value)
            elif kind in {"button_group", "multiselect"}:
                options = [getattr(option, "content", option) for option in part.options]
                chosen = part.raw_values if part.set_value else [options[at] for at in part.default]
                yield Control(kind, part.id, tuple(options), tuple(chosen), part.set_value)
        for _, delta in self.deltas:
            # Of other parts that open, the page has sent what lies in them.
            if folded := delta.add_block.expandable.id:
                yield Control(OPEN, folded, (OPEN,))

    @property
    def panels(self) -> list[Panel]:
        """The charts, each with the words and files of its tabs."""
        found = {
            place: Panel()
            for place, delta in self.deltas
            if delta.WhichOneof("type") == "add_block" and delta.add_block.HasField("tab_container")
        }
        for place, kind, element in self.elements:
            around = [place[:size] for size in range(len(place)) if place[:size] in found]
            panel = found[around[0]] if around else Panel()
            if kind == "plotly_chart":
                panel.figures.append(json.loads(element.plotly_chart.spec))
            elif kind == "html":
                panel.html.append(element.html.body)
            elif kind == "download_button":
                panel.files.add(element.download_button.id)
        return list(found.values())

    @property
    def offered(self) -> dict[str, str]:
        """What can be taken away: id of the button, and of the file that is made for it."""
        return {
            element.download_button.id: element.download_button.deferred_file_id
            for _, kind, element in self.elements
            if kind == "download_button"
        }


class Crawler:
    """One open page, on which everything is tried."""

    def __init__(
        self, doors: Served, page: PageClient, cookies: dict[str, str] | None = None
    ) -> None:
        self._doors = doors
        self._page = page
        self._cookies = cookies
        self._states: dict[str, WidgetState] = {}
        self._tried: set[tuple[str, tuple[str, ...]]] = set()

    def open(self, name: str, query: str = "") -> View:
        """A page by its address, and the files that it offers."""
        self._states.clear()
        return self._run(name, query)

    def _run(self, name: str, query: str) -> View:
        self._page.seen.clear()
        states = tuple(self._states.values())
        self._page.run("" if name == "overview" else name, query, states=states)
        view = View(name, query, self._page.messages())
        for control in view.controls:
            if control.is_set or control.id not in self._states:
                self._states[control.id] = control.state(*control.chosen)
        view.taken = {button: self._take(button, file) for button, file in view.offered.items()}
        return view

    def everything(self, name: str, query: str = "") -> Iterator[View]:
        """The page, then each of its controls with each option, and what these bring with them."""
        first = self.open(name, query)
        yield first
        for control in self._untried(first):
            before = self.open(name, query)
            for option in control.options:
                before = self._choose(name, before, control, option)
                yield before
                yield from self._below(name, before)

    def _below(self, name: str, above: View) -> Iterator[View]:
        for control in self._untried(above):
            before = above
            for option in control.options:
                before = self._choose(name, before, control, option)
                yield before

    def _untried(self, view: View) -> list[Control]:
        found = [control for control in view.controls if control.name not in self._tried]
        self._tried |= {control.name for control in found}
        return found

    def _choose(self, name: str, before: View, control: Control, option: str) -> View:
        """As a browser does: all that was chosen before stays so, in the address and beside it."""
        self._states[control.id] = control.state(option)
        view = self._run(name, before.query)
        view.page += f" {control.name[0]}={option}"
        return view

    def _take(self, button: str, file_id: str) -> bytes:
        """A file as the reader gets it."""
        address = self._page.deferred_file(file_id)
        assert address, f"{button} gives no file"
        answer = self._doors.get(address, self._cookies)
        assert answer.status == 200, (button, answer.status)
        return answer.body
