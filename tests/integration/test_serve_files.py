"""Each role's pages need, and open, only that role's file of a release; and pages for anybody."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards import context
from dashboards.downloads import KEPT, LICENSED
from dashboards.role import Role
from dashboards.serving.server import pages_of
from pipelines.release.reader import (
    APPROVAL,
    EVIDENCE,
    MANIFEST,
    OFFICER,
    POINTER,
    PUBLIC,
    current_release,
)
from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY, Settings
from tests.integration.crawling import View
from tests.integration.serving import Served, served

PAGES = sorted(pages_of(Settings(PROJECT_ROOT)))
OWN = {
    Role.CABINET: {PUBLIC},
    Role.OFFICER: {OFFICER},
    Role.AUDITOR: {PUBLIC, EVIDENCE},
}

# What differs from a release before it is offered only where there was one.
BEFORE = {"before": "2026-10-01-00000000", "measures": [], "rules": []}
NOTHING = ("files_added", "files_gone", "product_changed", "files_erased_from")
# Each file that a page offers, and on what terms a reader takes it away.
TERMS = {
    Role.OFFICER: {
        "demand": {"demand-count": KEPT[Role.OFFICER], "demand-outlook": KEPT[Role.OFFICER]},
        "data_quality": {"findings": KEPT[Role.OFFICER]},
        "statements": {"claim-C10": LICENSED},
    },
    Role.AUDITOR: {
        "demand": {"demand-count": LICENSED},
        "data_quality": {
            "files": KEPT[Role.AUDITOR],
            "rules-of-returns": KEPT[Role.AUDITOR],
            "findings": LICENSED,
        },
        "evidence": {"difference": KEPT[Role.AUDITOR], "evidence-files": KEPT[Role.AUDITOR]},
    },
    Role.CABINET: {"demand": {"demand-count": LICENSED}, "data_quality": {"files": LICENSED}},
}


def release_of(workspace: Path, folder: Path, files: set[str]) -> Path:
    """A workspace whose release has these of its files and no other."""
    release = current_release(workspace)
    assert release
    place = folder / "releases" / release.id
    place.mkdir(parents=True)
    for name in {MANIFEST, APPROVAL} | files:
        shutil.copy(release.folder / name, place / name)
    (folder / "releases" / POINTER).write_text(release.id, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def public(county_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Public pages over a release that holds nothing but the public file."""
    workspace = release_of(county_workspace, tmp_path_factory.mktemp("public"), {PUBLIC})
    folder = tmp_path_factory.mktemp("public-doors")
    with served(workspace, folder, SAMPLE_COUNTY, public_pages=True) as found:
        yield found


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_roles_context_names_and_opens_its_own_files_alone(
    county_workspace: Path, tmp_path: Path, role: Role
) -> None:
    workspace = release_of(county_workspace, tmp_path, OWN[role])
    release = current_release(workspace)
    assert release
    found = context.over(Settings(workspace, SAMPLE_COUNTY), release, role)
    named = {Path(key.path).name for key in (found.key, found.evidence) if key}
    assert named == OWN[role]
    assert found.measures
    assert found.key.role == role.value


@pytest.mark.parametrize("name", PAGES)
def test_anybody_reads_public_pages_from_the_public_file(public: Served, name: str) -> None:
    """The other files are not there: a page that opened one would say so."""
    with public.page() as page:
        for query in ("", "role=officer", "role=auditor"):
            sent = page.run("" if name == "overview" else name, query)
            assert len(sent) > 2_000
            assert b"/sign-in" in sent
            assert b"Read the pages as" not in sent
        kinds = [
            message.delta.new_element.WhichOneof("type")
            for message in page.messages()
            if message.WhichOneof("type") == "delta"
        ]
        assert len(kinds) > 5
        assert "exception" not in kinds


def test_public_pages_give_anybody_what_cabinet_gets_and_no_more(public: Served) -> None:
    assert public.get("/").status == 200
    for path in ("/files/open-cases.csv", "/metrics", "/access/officer", "/_stcore/metrics"):
        answer = public.get(path)
        assert (path, answer.status >= 400, answer.body) == (path, True, b"")
    assert public.get("/access/cabinet").status == 204


def test_whoever_has_no_role_or_was_removed_reads_as_anybody(public: Served) -> None:
    public.remove("leaver")
    for cookies in (public.sign_in("visitor"), public.sign_in("leaver")):
        with public.page(cookies) as page:
            sent = page.run()
        assert b"/sign-in" in sent
        assert b"Signed in" not in sent


def test_a_file_that_the_release_lacks_is_a_message_and_no_trace(public: Served) -> None:
    """An officer of a release without an officers' file: a page in words, no path, no file."""
    with public.page(public.sign_in("officer")) as page:
        sent = page.run()
    assert b"Traceback" not in sent
    assert b"/releases/" not in sent
    answer = public.get("/files/open-cases.csv", public.sign_in("officer"))
    assert answer.status == 500
    assert answer.body == b"Internal Server Error"
    told = (public.folder / "server.log").read_text(encoding="utf-8")
    noted = (public.folder / "access.jsonl").read_text(encoding="utf-8")
    assert "Traceback" not in told
    assert str(public.folder.parent) not in told + noted
    assert "Uncaught app execution: IOException at pipelines/release/reader.py:" in told
    assert '"fault": "IOException", "place": "pipelines/release/reader.py:' in noted


# ---- on what terms files are handed out --------------------------------------------------------


@pytest.fixture(scope="module")
def compared(county_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """All files of a release that tells how it differs from one before."""
    files = {PUBLIC, OFFICER, EVIDENCE}
    workspace = release_of(county_workspace, tmp_path_factory.mktemp("compared"), files)
    release = current_release(workspace)
    assert release
    told = BEFORE | {"release": release.id, "inputs": {name: [] for name in NOTHING}}
    (release.folder / "diff.json").write_text(json.dumps(told), encoding="utf-8")
    with served(workspace, tmp_path_factory.mktemp("compared-doors"), SAMPLE_COUNTY) as found:
        yield found


@pytest.mark.parametrize("role", list(TERMS), ids=lambda role: role.value)
def test_a_file_is_handed_out_on_the_terms_of_whoever_may_read_it(
    compared: Served, role: Role
) -> None:
    cookies = compared.sign_in(role.value)
    with compared.page(cookies) as page:
        for name, wanted in TERMS[role].items():
            page.seen.clear()
            page.run(name)
            offered = {
                button.split("-metadata-")[-1]: file_id
                for button, file_id in View(name, "", page.messages()).offered.items()
                if "-metadata-" in button
            }
            assert wanted.keys() <= offered.keys()
            for stem, terms in wanted.items():
                answer = compared.get(page.deferred_file(offered[stem]), cookies)
                lines = answer.body.decode("utf-8-sig").splitlines()
                found = [line for line in lines if line.startswith(("Licence:", "Terms:"))]
                assert (name, stem, found) == (name, stem, [terms])
