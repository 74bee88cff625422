"""The modules that say where a child learns, and what hangs on it: residence, work."""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.draw import Flags, Places, Texts, ages, day_of
from pipelines.synthetic.held import Columns, Held
from pipelines.synthetic.placements import KINDS
from pipelines.synthetic.second_places import second_places
from pipelines.synthetic.snapshot import Placed, school_year_end

SETTING_CODES = {
    "elective_home_education": "EHE",
    "other_arrangements_la": "OLA",
    "other_arrangements_parents": "OPA",
    "neet": "NEET",
    "neet_ntci": "NIEC",
    "neet_other": "NIEO",
    "neet_other_csa": "NIEO",
    "nm_early_years": "EYP",
    "other_placement_settings": "OTH",
    "placement_unknown": "NIEO",
}
OTHER_TEXT = "Placement being sought"
UNKNOWN = KINDS.index("placement_unknown")
POST_16 = [KINDS.index(name) for name in KINDS if name.endswith(("colleges", "institutions"))]
RESIDENTIAL = [KINDS.index(name) for name in ("special_independent", "special_non_maintained")]
TEXTS_OF_KINDS = np.array([SETTING_CODES.get(name, "") for name in KINDS])
WORK_BASED_FROM_AGE = 17


def plan_detail(of: Held) -> Columns:
    """The setting that the plan names: the one attended, or none yet."""
    return {"_of": of.planned} | _setting(of, np.arange(len(of.planned)))


def _setting(of: Held, places: Places) -> Columns:
    """How a setting is written: URN, UKPRN, or the code of what is no school."""
    kind, school = of.placed.kind[places], of.placed.school[places]
    known = of.county.schools
    has = school >= 0
    names = np.array(KINDS)[kind]
    urn = np.where(has, known.urn[school], "")
    # In a small county a kind may have no setting for the child's age.
    code = np.where(has, "", np.where(TEXTS_OF_KINDS[kind] == "", "NIEO", TEXTS_OF_KINDS[kind]))
    return {
        "urn": urn,
        "ukprn": np.where(has & (urn == ""), known.ukprn[school], ""),
        "sen_setting": code,
        "sen_setting_other": np.where(np.isin(code, ["OTH", "NIEO"]), OTHER_TEXT, ""),
        "placement_rank": np.full(len(places), "1"),
        "is_sen_unit": np.char.endswith(names, "senunit"),
        "is_resourced_provision": np.char.endswith(names, "resourced_provision"),
    }


def placement_detail(of: Held) -> Columns:
    """Where the child learns; none for a placement that is not known, two for a child of two."""
    within = np.searchsorted(of.planned, of.active)
    known = of.placed.kind[within] != UNKNOWN
    within = within[known]
    first = {
        "_of": of.active[known],
        **_setting(of, within),
        "entry_date": of.placed.entry[within],
        "attendance_pattern": np.full(len(within), ""),
        "residential": residential(of)[within],
        "work_based": work_based(of)[within],
    }
    second = _second_placement(of)
    order = np.argsort(np.concatenate([first["_of"], second["_of"]]), kind="stable")
    return {
        name: np.concatenate([values, second[name]])[order] for name, values in first.items()
    } | {"_key": np.arange(len(order))}


def _second_placement(of: Held) -> Columns:
    """The place of rank 2: a learning centre, or a tutor (OLA: arranged by the authority)."""
    within = np.searchsorted(of.planned, of.active)
    plan = of.blocks.plan[of.active]
    placed = Placed(*(getattr(of.placed, name)[within] for name in Placed.__dataclass_fields__))
    second = second_places(of.county, plan, placed, of.period.on)
    count, has = len(second.at), second.school >= 0
    none, no = np.full(count, ""), np.zeros(count, dtype=np.bool_)
    begun = np.maximum(placed.entry[second.at], day_of(school_year_end(of.period.on) - 1, 9, 8))
    return {
        "_of": of.active[second.at],
        "urn": np.where(has, of.county.schools.urn[second.school], ""),
        "ukprn": none,
        "sen_setting": np.where(has, "", "OLA"),
        "sen_setting_other": none,
        "placement_rank": np.full(count, "2"),
        "is_sen_unit": no,
        "is_resourced_provision": no,
        "entry_date": np.minimum(begun, of.period.on),
        "attendance_pattern": none,
        "residential": none,
        "work_based": none,
    }


def residential(of: Held) -> Texts:
    """Code of each planned block: as many children board as is published."""
    wanted = of.county.margins.residential[margin_year(of)]
    suited = of.blocks.is_active[of.planned] & np.isin(of.placed.kind, RESIDENTIAL)
    return _coded(of, suited, wanted)


def work_based(of: Held) -> Texts:
    """Code of each planned block: as many learn at work as is published."""
    plans = of.county.plans
    birth = of.county.people.birth[plans.person[of.blocks.plan[of.planned]]]
    suited = of.blocks.is_active[of.planned] & np.isin(of.placed.kind, POST_16)
    suited &= ages(birth, of.period.on) >= WORK_BASED_FROM_AGE
    return _coded(of, suited, of.county.margins.work_based)


def margin_year(of: Held) -> int:
    """The return whose margins hold, also between two returns."""
    years = of.county.years
    return min(max(of.period.year - int(of.period.is_in_year), years[0]), years[-1])


def _coded(of: Held, suited: Flags, wanted: dict[str, int]) -> Texts:
    """Codes for so many of those suited, in the order of their lots."""
    codes = np.full(len(suited), "", dtype="U1")
    for code, number in wanted.items():
        codes[first_by_lot(of, suited & (codes == ""), number)] = code
    return codes


def first_by_lot(of: Held, suited: Flags, number: int, *, is_highest: bool = False) -> Flags:
    """So many of those suited among the planned blocks, by the lots of their plans."""
    lot = of.county.plans.lot[of.blocks.plan[of.planned]]
    keys = np.where(suited, -lot if is_highest else lot, np.inf)
    chosen = np.argsort(keys, kind="stable")[: min(number, int(suited.sum()))]
    marked = np.zeros(len(suited), dtype=np.bool_)
    marked[chosen] = True
    return marked
