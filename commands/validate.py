"""The verb `validate`: is a return in order? Nothing is stored, whatever is found."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import AsJson, Workspace, once, print_json, say, settings_of
from pipelines.errors import EXIT_CHECKS_FAILED, InputError

if TYPE_CHECKING:
    from pipelines.ingest.validate import Looked

SHOWN = 3
# As judge.py ends the line that counts the records which are not listed.
MORE = "further records"
DOCUMENT = ("file", "kind", "year", "rows", "accepted", "quarantined", "findings")
WEIGHT = ("error", "warning", "query", "info")
LIST_COLUMNS = ("file", "rule", "severity", "module", "row", "key", "columns", "message", "remedy")
# A cell that begins so would be a formula to a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def validate(
    path: Annotated[Path, typer.Argument(help="A file, folder or zip.", metavar="PATH")],
    given: Annotated[
        Path | None,
        typer.Option(
            "--settings", help="YAML with la_code, authorities and establishments.", metavar="FILE"
        ),
    ] = None,
    is_in_year: Annotated[
        bool,
        typer.Option("--in-year", help="It is an extract as of any day, not the January return."),
    ] = False,
    return_year: Annotated[
        int | None, typer.Option("--return-year", help="The year of files that do not say it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write every finding to this CSV.", metavar="FILE")
    ] = None,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Hold a file to the rules, before it is taken in or sent; nothing of it is kept."""
    from pipelines.ingest.setting import Asked
    from pipelines.ingest.validate import Wanted, given_in, refusal
    from pipelines.ingest.validate import validate as look

    known = given_in(given) if given else None
    wanted = Wanted(settings_of(workspace), known, Asked(is_in_year or None, return_year))
    try:
        looked = look(path, wanted)
    except InputError as error:
        if as_json:
            print_json(_document(refusal(error.where, error)))
        raise
    if out is not None:
        _write(out, looked)
    if as_json:
        documents = [_document(item) for item in looked]
        print_json(documents[0] if len(documents) == 1 else {"files": documents})
    else:
        said: set[str] = set()
        left_out = [_print(item, said) for item in looked]
        if out is not None:
            say(f"Every finding stands in {out}")
        elif any(left_out):
            say(
                "Not every row is shown here. For the whole list: send validate --out FILE.csv PATH"
            )
    if any(item.is_faulty for item in looked):
        raise typer.Exit(EXIT_CHECKS_FAILED)


def _document(looked: Looked) -> dict[str, Any]:
    return {name: vars(looked)[name] for name in DOCUMENT}


# ---- for a person at a terminal -----------------------------------------------------------------


def _print(looked: Looked, said: set[str]) -> bool:
    """Counts first, then each rule once with its first rows, however many there are.

    said: what the call has printed and need not print again. Gives whether rows were left out.
    """
    year = f", {looked.year}" if looked.year else ""
    typer.echo(f"{looked.file}: {looked.kind}{year}")
    rows = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in looked.rows.items())
    typer.echo(f"  rows: {rows}")
    typer.echo(f"  accepted {looked.accepted:,}, put aside {looked.quarantined:,}")
    groups = _groups(looked.findings)
    if not groups:
        typer.echo("  nothing was found")
    for group in groups:
        _print_group(group, looked, said)
    if groups:
        typer.echo(f"\n  {_sum(groups, looked)}")
    return any(_times(group, looked) > SHOWN for group in groups)


def _times(group: Sequence[dict[str, Any]], looked: Looked) -> int:
    """How often a rule speaks; of one that very many records break, not all are in the list."""
    further = looked.further.get((group[0]["rule"], group[0]["message"]), 0)
    return len([item for item in group if not _is_rest(item)]) + further


def _is_rest(item: dict[str, Any]) -> bool:
    """Whether a line stands for the records that are not listed."""
    return item["row"] is None and str(item["key"] or "").endswith(MORE)


def _groups(findings: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Findings of the same words, errors first, the most frequent first."""
    by_words: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for item in findings:
        by_words.setdefault((item["rule"], item["message"]), []).append(item)
    return sorted(
        by_words.values(), key=lambda group: (WEIGHT.index(group[0]["severity"]), -len(group))
    )


def _print_group(group: Sequence[dict[str, Any]], looked: Looked, said: set[str]) -> None:
    first, count = group[0], _times(group, looked)
    times = f", {count:,} times" if count > 1 else ""
    typer.echo(f"\n  {first['severity']} {first['rule']}{times}: {first['message']}")
    if first["columns"]:
        typer.echo(f"    columns: {', '.join(first['columns'])}")
    for item in group[:SHOWN]:
        if place := _place(item, looked):
            typer.echo(f"    {place}")
    if count > SHOWN:
        typer.echo(f"    and {count - SHOWN:,} more")
    if remedy := once(first["remedy"], said):
        typer.echo(f"    What to do: {remedy}")


def _place(item: dict[str, Any], looked: Looked) -> str:
    """'person.csv, row 6, person 5', or 'named plan, row 111, person 5' where all is one file."""
    place = [f"row {item['row']:,}"] if item["row"] is not None else []
    place += [item["key"]] if item["key"] else []
    module = item["module"]
    where = looked.places.get(module) or module.replace("_", " ")
    return ", ".join([where, *place] if where else place) if place else ""


def _sum(groups: Sequence[Sequence[dict[str, Any]]], looked: Looked) -> str:
    counts = dict.fromkeys(WEIGHT, 0)
    for group in groups:
        counts[group[0]["severity"]] += _times(group, looked)
    told = ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
    return f"in all: {told}"


# ---- the whole list ------------------------------------------------------------------------------


def _write(path: Path, looked: Sequence[Looked]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(LIST_COLUMNS)
        writer.writerows(_lines(looked))


def _lines(looked: Sequence[Looked]) -> Iterator[list[str]]:
    for each in looked:
        for item in each.findings:
            file = each.places.get(item["module"], each.file)
            cells = {**item, "file": file, "columns": ", ".join(item["columns"])}
            yield [_guarded(cells[name]) for name in LIST_COLUMNS]


def _guarded(cell: object) -> str:
    """The text of a cell, so that no spreadsheet takes it for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
