"""Every row of data/reference against the publishers' files, read here with the plain csv module.

The reading is deliberately independent of pipelines.ingest, so that one fault cannot hide in both.
What must be true of the tables by themselves belongs in tests/contracts/test_reference_data.py.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import IO

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"

Row = dict[str, str]
Fact = tuple[str, ...]

WHOLE_LABELS = {
    ("2025", "caseload"): "All EHC plans",
    ("2025", "newplans"): "New EHC plans",
    ("2025", "requests"): "All requests for EHC needs assessments",
    ("2025", "assessments"): "All EHC needs assessments",
    ("2025", "timeliness_20_week"): "All EHC plans issued",
    ("2025", "annual_reviews"): "All annual reviews",
    ("2025", "ceased_plans"): "All ceased EHC plans",
    ("2026", "caseload"): "All EHC plans",
    ("2026", "newplans"): "All new EHC plans",
    ("2026", "requests"): "All requests for an EHC needs assessment",
    ("2026", "timeliness_20_week"): "All EHC plans",
}
LAIT_LEVELS = {
    "England": "National",
    "West Midlands": "Regional",
    "Staffordshire": "Local authority",
}
ONS_FILE = "ons_mid-year_population_estimates_2012_to_2024.csv"
# One row of the accepted codes for two neighbouring districts together.
COMBINED = {"E06000061 / E06000062", "E06000063 / E06000064"}


def read_table(name: str) -> list[Row]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


def rows_of(stream: IO[bytes]) -> Iterator[Row]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    yield from csv.DictReader(text)


def reference_rows(real_data: Path, name: str) -> Iterator[Row]:
    with (real_data / "reference" / name).open("rb") as stream:
        yield from rows_of(stream)


def lait_rows(real_data: Path) -> Iterator[Row]:
    path = real_data / "reference" / "lait_sen_measures_long.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
        yield from csv.DictReader(text)


def release_files(real_data: Path) -> Iterator[tuple[str, str, Iterator[Row]]]:
    """Vintage, file stem and rows of every CSV of the three releases that has a header row."""
    for vintage in ("2022", "2025"):
        archive = real_data / "ees" / f"education-health-and-care-plans_{vintage}.zip"
        with zipfile.ZipFile(archive) as release:
            for member in release.namelist():
                # The tribunal table has a title and two header rows; it is not used here.
                if member.endswith(".csv") and "Tribunals" not in member:
                    with release.open(member) as stream:
                        yield vintage, Path(member).stem, rows_of(stream)
    for path in sorted((real_data / "ees" / "2026-extract").glob("*.csv")):
        with path.open("rb") as stream:
            yield "2026", path.stem, rows_of(stream)


def year_of(time_period: str) -> str:
    return "20" + time_period[4:] if len(time_period) == 6 else time_period


def area_is_shown(row: Row, authorities: set[str]) -> bool:
    level = row["geographic_level"]
    if level == "Local authority":
        return row["old_la_code"] in authorities
    return level == "National" or row["region_code"] == "E12000005"


def published_facts(
    vintage: str, dataset: str, row: Row, wanted: dict[tuple[str, str], set[str]]
) -> Iterator[Fact]:
    """The facts that one printed row of the 2025 or 2026 layout gives, as our columns hold them."""
    names = {name.lower(): name for name in row}
    area_name = row["la_name"] or row["region_name"] or row["country_name"]
    for indicator in wanted[(vintage, dataset)] & set(names):
        yield (
            "dfe",
            vintage,
            dataset,
            indicator,
            row["time_period"],
            row["time_identifier"],
            row["geographic_level"],
            row["region_code"],
            row["new_la_code"],
            row["old_la_code"],
            area_name,
            row[names[indicator]],
        )


def held_facts(*sources_and_vintages: tuple[str, str]) -> list[Fact]:
    columns = (
        "source",
        "vintage",
        "dataset",
        "indicator",
        "time_period",
        "time_identifier",
        "geographic_level",
        "region_code",
        "gss_code",
        "la_code",
        "area_name",
        "value_text",
    )
    return [
        tuple(row[column] for column in columns)
        for row in read_table("headline_figures")
        if (row["source"], row["vintage"]) in sources_and_vintages
    ]


def test_headline_figures_equal_the_2025_and_2026_releases(real_data: Path) -> None:
    held = held_facts(("dfe", "2025"), ("dfe", "2026"))
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for fact in held:
        wanted[(fact[1], fact[2])].add(fact[3])
    assert set(wanted) == set(WHOLE_LABELS)
    neighbours = {r["neighbour_la_code"] for r in read_table("neighbour") if r["la_code"] == "860"}
    published: list[Fact] = []
    for vintage, dataset, rows in release_files(real_data):
        label = WHOLE_LABELS.get((vintage, dataset))
        for row in rows if label else ():
            if (row["breakdown_topic"], row["breakdown"]) != (label, label):
                continue
            if area_is_shown(row, {"860", *neighbours}):
                published += published_facts(vintage, dataset, row, wanted)
    assert sorted(held) == sorted(published)
    assert len(held) == 3815


def test_headline_figures_equal_the_2022_release(real_data: Path) -> None:
    published: list[Fact] = []
    for vintage, stem, rows in release_files(real_data):
        if (vintage, stem) != ("2022", "sen2_estab_caseload"):
            continue
        for row in rows:
            if (row["establishment_type"], row["establishment_group"]) != ("Total", "Total"):
                continue
            if not "2014" <= row["time_period"] <= "2022":
                continue
            if row["geographic_level"] == "National" or row["old_la_code"] == "860":
                counts = {**row, "ehcplans": row["Total_all"]}
                published += published_facts(
                    "2022", "caseload", counts, {("2022", "caseload"): {"ehcplans"}}
                )
    held = held_facts(("dfe", "2022"))
    assert sorted(held) == sorted(published)
    assert len(held) == 18


def test_headline_figures_equal_lait(real_data: Path) -> None:
    held = held_facts(("lait", "2025"))
    indicators = {fact[3] for fact in held}
    assert len(indicators) == 9
    published: list[Fact] = []
    for row in lait_rows(real_data):
        area, indicator = row["LA and Regions"], row["Short Desc"].lower()
        if indicator not in indicators or area not in LAIT_LEVELS:
            continue
        published.append(
            (
                "lait",
                "2025",
                "lait",
                indicator,
                row["Years"],
                "",
                LAIT_LEVELS[area],
                "" if area == "England" else "E12000005",
                "",
                "860" if area == "Staffordshire" else "",
                area,
                row["Values"],
            )
        )
    assert sorted(held) == sorted(published)
    assert len(held) == 267


def printed_areas(real_data: Path) -> Iterator[Row]:
    """Every row of the three releases and of the population file."""
    yield from reference_rows(real_data, ONS_FILE)
    for _, _, rows in release_files(real_data):
        yield from rows


def test_authorities_and_their_codes_equal_the_files(real_data: Path) -> None:
    names: dict[str, set[str]] = defaultdict(set)
    regions: dict[str, set[str]] = defaultdict(set)
    years: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in printed_areas(real_data):
        la_code = row["old_la_code"]
        if not la_code:
            continue
        names[la_code].add(row["la_name"])
        years[(la_code, row["new_la_code"])].add(year_of(row["time_period"]))
        # New plans by need (2025) puts authorities in Inner or Outer London instead of London.
        if row["region_code"].startswith("E12"):
            regions[la_code].add(row["region_code"])
    authorities = read_table("authority")
    assert names == {row["la_code"]: {row["authority_name"]} for row in authorities}
    assert regions == {row["la_code"]: {row["region_code"]} for row in authorities}
    assert len(names) == 158
    seen = {
        (row["la_code"], row["gss_code"]): (row["first_seen"], row["last_seen"])
        for row in read_table("gss_code")
        if row["first_seen"]
    }
    assert seen == {pair: (min(found), max(found)) for pair, found in years.items()}
    assert len(seen) == 163


def test_regions_equal_the_files(real_data: Path) -> None:
    held = {row["region_code"]: row["region_name"] for row in read_table("region")}
    found = {"E92000001": "England"}
    for row in printed_areas(real_data):
        if row["region_code"]:
            found[row["region_code"]] = row["region_name"]
    assert held == found
    assert len(held) == 12


def test_lait_numbers_equal_lait(real_data: Path) -> None:
    numbers = {row["lait_number"]: row["region_name"] for row in read_table("region")}
    # LAIT writes one name with a small letter and puts the half of London in brackets.
    spellings = {
        "Yorkshire and the Humber": "Yorkshire and The Humber",
        "London (Inner)": "Inner London",
        "London (Outer)": "Outer London",
    }
    found = {
        row["LA Number"].removesuffix(".0"): spellings.get(name, name)
        for row in lait_rows(real_data)
        for name in [row["LA and Regions"]]
        if row["Region"] == "NA"
    }
    assert numbers == found


def test_every_accepted_authority_code_is_held(real_data: Path) -> None:
    accepted = {
        (row["old_la_code"], row["new_la_code"])
        for row in reference_rows(real_data, "acceptable_las.csv")
        if row["old_la_code"].isdigit() and row["new_la_code"].startswith("E")
    }
    held = {(row["la_code"], row["gss_code"]) for row in read_table("gss_code")}
    assert held == accepted
    assert len(held) == 165


def test_neighbours_equal_the_model(real_data: Path) -> None:
    published = [
        (row["old_la_code"], row[f"SN_{place}"], str(place), row[f"SN_{place}P"].strip())
        for row in reference_rows(real_data, "sn_model_2025_wide.csv")
        for place in range(1, 11)
    ]
    columns = ("la_code", "neighbour_la_code", "position", "closeness")
    held = [tuple(row[column] for column in columns) for row in read_table("neighbour")]
    assert sorted(held) == sorted(published)
    assert len(held) == 1530


def test_districts_equal_the_accepted_codes_and_the_boundaries(real_data: Path) -> None:
    accepted = {
        (row["lad_code"], row["lad_name"])
        for row in reference_rows(real_data, "acceptable_lads.csv")
    }
    held = read_table("district")
    assert {(row["lad_code"], row["district_name"]) for row in held} <= accepted
    own = {row["lad_code"] for row in held if not row["lad_code"].startswith("E07")}
    assert own == {code for code, _ in accepted if code[:3] in {"E06", "E08", "E09"}} - COMBINED
    boundaries = json.loads(
        (real_data / "geo" / "staffordshire_districts.geojson").read_text(encoding="utf-8")
    )
    county = {shape["properties"]["lad_code"] for shape in boundaries["features"]}
    assert county == {row["lad_code"] for row in held if row["la_code"] == "860"}
    assert len(county) == 8
