"""The base of a suite: what derives from the field dictionary (empty cells, codes, keys).

own: the fields of the suite's columns, by name.
"""

from __future__ import annotations

from pipelines.registry.fields import Field
from pipelines.registry.suite import Check, Metric, Suite


def required(suite: Suite, own: dict[str, Field]) -> list[str]:
    """The columns that may not be empty here."""
    asked = {name for name, field in own.items() if not field.nullable} - set(suite.optional)
    return [name for name in own if name in asked or name in suite.required]


def _coded(suite: Suite, own: dict[str, Field]) -> list[str]:
    return [name for name, field in own.items() if field.codes and name not in suite.uncoded]


def derived_checks(suite: Suite, own: dict[str, Field]) -> list[Check]:
    """What the dictionary asks of a table whose rows are fetched; nothing of a large one."""
    if suite.is_large:
        return []
    empty = [
        Check(
            id=f"{name}_present",
            severity="critical",
            about=f"Rows of {suite.table} without {name}.",
            type="expect_column_values_to_not_be_null",
            kwargs={"column": name},
        )
        for name in required(suite, own)
    ]
    unknown = [
        Check(
            id=f"{name}_known",
            severity="critical",
            about=f"Rows of {suite.table} whose {name} is none of its codes.",
            type="expect_column_values_to_be_in_set",
            kwargs={"column": name, "value_set": list(own[name].codes)},
        )
        for name in _coded(suite, own)
    ]
    return [*empty, *unknown, *([_key_check(suite)] if suite.key else [])]


def _key_check(suite: Suite) -> Check:
    about = f"Rows of {suite.table} that share their key: {', '.join(suite.key)}."
    single = len(suite.key) == 1
    return Check(
        id="key_unique",
        severity="critical",
        about=about,
        type="expect_column_values_to_be_unique"
        if single
        else "expect_compound_columns_to_be_unique",
        kwargs={"column": suite.key[0]} if single else {"column_list": list(suite.key)},
    )


def derived_metrics(suite: Suite, own: dict[str, Field]) -> list[Metric]:
    """What the dictionary asks of a large table; its .sql must give a number for each.

    What a suite says itself stands in place of what would be derived.
    """
    if not suite.is_large:
        return []
    names = {f"empty_{name}": f"without {name}" for name in required(suite, own)}
    names |= {
        f"unknown_{name}": f"whose {name} is none of its codes" for name in _coded(suite, own)
    }
    if suite.key:
        names["duplicate_keys"] = f"that share their key: {', '.join(suite.key)}"
    return [
        Metric(id=name, severity="critical", about=f"Rows of {suite.table} {what}.")
        for name, what in names.items()
        if name not in {metric.id for metric in suite.metrics}
    ]


def derived_sql(suite: Suite, own: dict[str, Field]) -> str:
    """The select of a large table's derived metrics; a hash of 64 bits stands for the key."""
    if not suite.is_large:
        return ""
    parts = ["count(*) as row_count"]
    parts += [
        f"count(*) filter (where {name} is null) as empty_{name}" for name in required(suite, own)
    ]
    parts += [
        f"count(*) filter (where {name} not in (select unnest($codes_{name}))) as unknown_{name}"
        for name in _coded(suite, own)
    ]
    if suite.key:
        parts.append(f"count(*) - count(distinct hash({', '.join(suite.key)})) as duplicate_keys")
    return f"select {', '.join(parts)} from {suite.table}"  # noqa: S608
