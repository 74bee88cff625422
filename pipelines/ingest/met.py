"""Who landed before, as HMACs only: kept in memory while one call of the door takes in many files.

Every file of people lands all its identifiers anew, so that after forty files each child stands
there forty times. Here each is held once. What goes beyond ROWS_MAX is not held but read as a
stream, every time. Who is whom is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

# Some 80 bytes a row: England's census alone has twenty million, which are better read again.
ROWS_MAX = 3_000_000
# Files are added as they are, and folded into one from time to time.
PARTS_MAX = 8
COLUMNS = ("pseudonym", "identifier_kind", "identifier_hash")
FOLDED = f"select distinct {', '.join(COLUMNS)} from parts"  # noqa: S608

Stamp = tuple[Path, int, int]


@dataclass
class Met:
    """The identifiers of the files that were asked for last.

    Attributes:
        files: which they are, each with its size and time: one that was written anew is read anew.
        parts: their rows; the first is of many files, the others of one each.
    """

    files: set[Stamp] = field(default_factory=set)
    parts: list[pa.Table] = field(default_factory=list)

    def rows_of(self, paths: Sequence[Path]) -> pa.Table | pa.RecordBatchReader:
        """pseudonym, identifier_kind, identifier_hash of all that those files hold."""
        import pyarrow as pa

        wanted = {_stamp(path) for path in paths}
        if not self.files <= wanted:
            self.files, self.parts = set(), []
        new = sorted(path for path, *_ in wanted - self.files)
        if sum(part.num_rows for part in self.parts) + _row_count(new) > ROWS_MAX:
            self.files, self.parts = set(), []
            return streamed(paths)
        is_asked_again = bool(self.files)
        self.parts += [streamed([path]).read_all() for path in new]
        self.files = wanted
        if is_asked_again and len(self.parts) > PARTS_MAX:
            self.parts = [_folded(self.parts)]
        return pa.concat_tables(self.parts)


def order_in(path: Path) -> int:
    """The place in the order of arrival that a file's rows have; -1 where it has none."""
    import pyarrow.parquet as pq

    known = pq.read_metadata(path)
    if not known.num_rows:
        return -1
    place = known.schema.names.index("arrival_order")
    return int(known.row_group(0).column(place).statistics.min)


def streamed(paths: Sequence[Path]) -> pa.RecordBatchReader:
    """The rows as they stand in the files, one after the other."""
    import pyarrow.dataset as ds

    files = ds.dataset([str(path) for path in paths], format="parquet")
    return files.scanner(list(COLUMNS)).to_reader()


def _folded(parts: Sequence[pa.Table]) -> pa.Table:
    import duckdb
    import pyarrow as pa

    with duckdb.connect(":memory:") as connection:
        connection.execute("set temp_directory = ''")
        connection.register("parts", pa.concat_tables(parts))
        return connection.execute(FOLDED).to_arrow_table()


def _stamp(path: Path) -> Stamp:
    known = path.stat()
    return path, known.st_size, known.st_mtime_ns


def _row_count(paths: Iterable[Path]) -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in paths)
