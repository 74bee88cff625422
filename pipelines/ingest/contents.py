"""The files of a bundle by name, each opened when it is asked for and not held afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipelines.ingest.archive import Member


class Contents(Mapping[str, bytes]):
    """File name -> all of its bytes, read anew whenever they are asked for.

    A large export would otherwise lie in memory twice: as bytes and as what was read of them.
    """

    def __init__(self, members: Iterable[tuple[str, Member]]) -> None:
        """members: by name; two of one name in different folders are told apart by their part."""
        self._members: dict[str, Member] = {}
        for part, member in members:
            name = member.name
            self._members[f"{name} ({part})" if name in self._members else name] = member

    def __getitem__(self, name: str) -> bytes:
        """The whole of a file."""
        return self._members[name].content()

    def __iter__(self) -> Iterator[str]:
        """The names, in order."""
        return iter(self._members)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._members)

    def head(self, name: str) -> bytes:
        """The beginning of a file, up to the end of a line."""
        return self._members[name].head()


def head_of(files: Mapping[str, bytes], name: str) -> bytes:
    """The beginning of a file, without reading the rest where that can be."""
    return files.head(name) if isinstance(files, Contents) else files[name]
