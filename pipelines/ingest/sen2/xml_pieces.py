"""The XML of a return in pieces that end with a person, and work on them some pieces ahead.

Threads and not processes: the work is on whole columns, in numpy and Arrow, which let each other
run; and what names a child stays in the memory of one process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from pipelines.ingest import safe_xml

WORKERS = 2
# As many pieces as are in memory at once.
AHEAD = 3
Result = TypeVar("Result")


def pieces_by_person(source: safe_xml.Source, end: bytes, size: int) -> Iterator[bytes]:
    """Pieces of about that size, cut behind the last `end` in them; the first is a small one.

    Where no `end` stands in a piece, all that follows comes as it is read.
    """
    waiting: list[bytes] = []
    length, wanted = 0, min(size, safe_xml.PIECE_BYTES)
    read = safe_xml.pieces(source)
    for part in read:
        waiting.append(part)
        length += len(part)
        if length < wanted:
            continue
        whole, rest = _cut_behind(end, b"".join(waiting))
        if not rest and not whole.endswith(end):
            yield whole
            yield from read
            return
        yield whole
        waiting, length, wanted = [rest], len(rest), size
    yield from filter(None, _cut_behind(end, b"".join(waiting)))


def _cut_behind(end: bytes, whole: bytes) -> tuple[bytes, bytes]:
    """What stands up to the last end, and the rest; all, where there is none."""
    cut = whole.rfind(end) + len(end)
    return (whole[:cut], whole[cut:]) if cut >= len(end) else (whole, b"")


def with_work_ahead(
    items: Iterable[bytes], work: Callable[[bytes], Result]
) -> Generator[tuple[bytes, Future[Result] | None], None, None]:
    """Each item, and the work on it, begun while those before are dealt with; none on the first.

    So a file of one piece starts no thread.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[tuple[bytes, Future[Result] | None]] = deque()
        try:
            for number, item in enumerate(items):
                waiting.append((item, pool.submit(work, item) if number else None))
                if len(waiting) > AHEAD:
                    yield waiting.popleft()
            while waiting:
                yield waiting.popleft()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
