"""Drawing with numpy: weighted choices, picks without replacement, days. All of it is seeded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipelines.synthetic.margins import shares

Days = NDArray[np.datetime64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
Texts = NDArray[np.str_]
Name = TypeVar("Name", int, str)

NO_DAY = np.datetime64("NaT", "D")


def day(text: str) -> np.datetime64:
    """A day from its ISO text."""
    return np.datetime64(text, "D")


def day_of(year: int, month: int, number: int) -> np.datetime64:
    """A day from its numbers."""
    return np.datetime64(f"{year:04d}-{month:02d}-{number:02d}", "D")


def no_days(count: int) -> Days:
    """So many days that are not known."""
    return np.full(count, NO_DAY, dtype="datetime64[D]")


def years_of(days: Days) -> Places:
    """Calendar years; -1 where the day is not known."""
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(np.isnat(days), -1, years)


def days_between(later: Days, earlier: Days) -> Places:
    """Whole days; a negative number beyond any span where one is not known."""
    return (later - earlier).astype(np.int64)


def spread(rng: np.random.Generator, weights: Mapping[Name, float], count: int) -> NDArray[Any]:
    """`count` names in the proportions of the weights, exactly (largest remainder), shuffled."""
    parts = shares(weights, count)
    drawn = np.repeat(np.array(list(parts)), list(parts.values()))
    return rng.permutation(drawn)


def pick(
    rng: np.random.Generator,
    among: Flags | Places,
    count: int,
    weights: NDArray[np.float64] | None = None,
) -> Places:
    """`count` different places, all there are where fewer; heavier ones sooner.

    among: places, or a flag for each place. weights: for every place, not only for those among.
    """
    places: Places = np.flatnonzero(among) if among.dtype == np.bool_ else among.astype(np.int64)
    if count >= len(places):
        return places
    if count <= 0:
        return places[:0]
    keys = rng.random(len(places))
    if weights is not None:
        # The largest of u^(1/w) are a weighted draw without replacement.
        keys = np.log(keys) / np.maximum(weights[places], 1e-9)
    return np.sort(places[np.argpartition(-keys, count - 1)[:count]])


def flags(count: int, places: Places) -> Flags:
    """True at the places."""
    marked = np.zeros(count, dtype=np.bool_)
    marked[places] = True
    return marked


def between(rng: np.random.Generator, first: Days, last: Days, power: float = 1.0) -> Days:
    """A day from first to last inclusive; a power above 1 draws towards the first.

    Where last lies before first, last.
    """
    span = np.maximum(days_between(last, first), 0)
    steps = np.minimum((rng.random(len(span)) ** power * (span + 1)).astype(np.int64), span)
    found: Days = np.minimum(first, last) + steps.astype("timedelta64[D]")
    return found


def working_day(days: Days) -> Days:
    """The Friday before where it is a weekend."""
    weekday = (days.astype(np.int64) + 3) % 7
    found: Days = days - np.maximum(weekday - 4, 0).astype("timedelta64[D]")
    return found


def ages(births: Days, on: Days | np.datetime64) -> Places:
    """Whole years of age on a day."""
    return (_month_days(np.broadcast_to(on, births.shape)) - _month_days(births)) // 10000


def _month_days(days: Days) -> Places:
    """A day as the number 20260131, so that ages are differences."""
    months = days.astype("datetime64[M]")
    number = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    since = months.astype(np.int64)
    found: Places = (since // 12 + 1970) * 10000 + (since % 12 + 1) * 100 + number
    return found


def iso(days: Days) -> Texts:
    """ISO texts, '' where the day is not known."""
    return np.where(np.isnat(days), "", np.datetime_as_string(days))


def census_day(year: int) -> np.datetime64:
    """The third Thursday of January, of any year."""
    first = day_of(year, 1, 1)
    return first + (3 - (first.astype(np.int64) + 3) % 7) % 7 + 14
