"""Writing a return as XML: reading it again gives the same; and readings of mutated returns."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import InputError
from pipelines.ingest.modules import Modules
from pipelines.ingest.sen2.write_xml import write_xml
from pipelines.ingest.sen2.xml import read_xml
from tests.unit.ingest.sen2.returns import DESCRIBED, EXAMPLE, accounted, refusal, returns, same

RAW = EXAMPLE.read_bytes()

# ---- writing ------------------------------------------------------------------------------------


def written(modules: Modules, year: int) -> bytes:
    target = io.BytesIO()
    write_xml(modules, year, target)
    return target.getvalue()


def test_the_example_is_the_same_after_writing() -> None:
    modules = read_xml(RAW, DESCRIBED)
    same(read_xml(written(modules, 2026), DESCRIBED), modules)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_read_write_read_is_the_identity(year: int) -> None:
    @settings(max_examples=25)
    @given(returns(year))
    def check(modules: Modules) -> None:
        again = read_xml(written(modules, year), DESCRIBED)
        same(again, modules)
        assert again.findings == ()
        accounted(again)

    check()


def test_every_element_of_the_year_is_written_and_no_other() -> None:
    modules = read_xml(RAW, DESCRIBED)
    assert b"<Sex>" in written(modules, 2026)
    earlier = written(modules, 2023)
    assert b"<Sex>" not in earlier
    assert b"<RequestSource>" not in earlier


def test_a_control_character_cannot_be_written(tmp_path: Path) -> None:
    modules = read_xml(RAW, DESCRIBED)
    table = modules.tables["person"]
    names = pc.replace_substring(table.column("surname"), "Alder", "A\x01")
    tables = dict(modules.tables) | {"person": table.set_column(3, "surname", names)}
    broken = replace(modules, tables=tables)
    with pytest.raises(InputError, match="surname holds a control character"):
        write_xml(broken, 2026, (tmp_path / "x.xml").open("wb"))


# ---- fuzzing ------------------------------------------------------------------------------------


def read_or_refuse(raw: bytes) -> None:
    error = refusal(lambda: read_xml(raw, DESCRIBED))
    assert error is None or (error.remedy and error.where)


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(InputError):
        read_xml(raw, DESCRIBED)


TOKENS = RAW.decode().replace("><", ">\0<").split("\0")


@settings(max_examples=150)
@given(st.data())
def test_a_mutated_return_is_read_or_refused(data: st.DataObject) -> None:
    """Tokens left out, doubled, moved, and bytes changed."""
    tokens = list(TOKENS)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(tokens) - 1))
        change = data.draw(st.sampled_from(["drop", "double", "move", "bytes"]))
        token = tokens[place]
        if change == "drop":
            del tokens[place]
        elif change == "double":
            tokens.insert(place, token)
        elif change == "move":
            tokens.insert(data.draw(st.integers(0, len(tokens) - 1)), tokens.pop(place))
        else:
            tokens[place] = token + data.draw(st.text(max_size=3))
    read_or_refuse("".join(tokens).encode("utf-8", "replace"))


@settings(max_examples=60)
@given(st.integers(0, len(RAW) - 1), st.integers(0, 255))
def test_one_changed_byte_is_read_or_refused(place: int, value: int) -> None:
    read_or_refuse(RAW[:place] + bytes([value]) + RAW[place + 1 :])
