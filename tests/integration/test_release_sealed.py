"""Whoever changes a release together with what stands beside it is found out by the audit log."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import FailedCheckError
from pipelines.ingest import forget_releases
from pipelines.ingest.keys import Key, keys_of
from pipelines.ingest.signed_lines import signed
from pipelines.json_lines import append
from pipelines.release import approve, as_built, audit_log, sealed
from pipelines.release.erased import NOTE
from pipelines.release.files import sha256
from pipelines.release.reader import (
    APPROVAL,
    DIFF,
    EVIDENCE,
    MANIFEST,
    OFFICER,
    PARTS,
    PUBLIC,
    Release,
    all_releases,
    current_release,
    find_release,
)
from pipelines.settings import Settings
from tests.twins import twin

WHO, WHY = "Head of data", "A reason long enough"
RAISED = "update marts.kpi_value set value = value + 7"
FOUND = "update evidence.evidence.file set row_count_in = 7"
Change = Callable[[Settings, Release], None]


@pytest.fixture
def settings(sample_workspace: Path, tmp_path: Path) -> Settings:
    """A workspace that a test may change: of a published release its files and the log."""
    copy = tmp_path / "workspace"
    for name in ("releases", "log"):
        shutil.copytree(sample_workspace / name, copy / name)
    return Settings(workspace=copy)


@pytest.fixture
def release(settings: Settings) -> Release:
    (only,) = all_releases(settings.workspace)
    return only


def stated(release: Release, *names: str) -> None:
    """Let the manifest say of these files what they are now."""
    manifest = json.loads((release.folder / MANIFEST).read_text(encoding="utf-8"))
    for name in names:
        manifest["files"][name]["sha256"] = sha256(release.folder / name)
    (release.folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def run(path: Path, statement: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)


def told(release: Release, name: str, before: str) -> dict[str, Any]:
    """A line of erased.jsonl as an erasure writes it."""
    return {
        "release": release.id,
        "time": "2026-11-22T09:00:00+00:00",
        "file": name,
        "sha256_before": before,
        "sha256": sha256(release.folder / name),
        "why": forget_releases.WHY,
    }


def in_approval(release: Release, **other: Any) -> None:
    approval = json.loads((release.folder / APPROVAL).read_text(encoding="utf-8"))
    (release.folder / APPROVAL).write_text(json.dumps(approval | other), encoding="utf-8")


# ---- ways of changing a release that its own manifest does not tell -----------------------------


def public_figures_and_manifest(_: Settings, release: Release) -> None:
    run(release.public_path, RAISED)
    stated(release, PUBLIC)


def officers_figures_and_manifest(_: Settings, release: Release) -> None:
    run(release.officer_path, RAISED)
    stated(release, OFFICER)


def evidence_and_manifest(_: Settings, release: Release) -> None:
    run(release.evidence_path, FOUND)
    stated(release, EVIDENCE)


def libraries_and_manifest(_: Settings, release: Release) -> None:
    (release.folder / PARTS).write_text("{}", encoding="utf-8")
    stated(release, PARTS)


def who_it_was_built_for(_: Settings, release: Release) -> None:
    manifest = json.loads((release.folder / MANIFEST).read_text(encoding="utf-8"))
    text = json.dumps(manifest | {"code_version": "0" * 40})
    (release.folder / MANIFEST).write_text(text, encoding="utf-8")


def public_figures_excused_by_a_line(_: Settings, release: Release) -> None:
    before = sha256(release.public_path)
    run(release.public_path, RAISED)
    append(release.folder / NOTE, told(release, PUBLIC, before))


def officers_figures_excused_by_a_line(_: Settings, release: Release) -> None:
    before = sha256(release.officer_path)
    run(release.officer_path, RAISED)
    append(release.folder / NOTE, told(release, OFFICER, before))


def officers_figures_excused_by_a_line_of_another_key(_: Settings, release: Release) -> None:
    before = sha256(release.officer_path)
    run(release.officer_path, RAISED)
    line = told(release, OFFICER, before)
    append(release.folder / NOTE, signed(Key("audit", b"x" * 32), line))


def officers_figures_excused_by_a_line_of_another_release(
    settings: Settings, release: Release
) -> None:
    before = sha256(release.officer_path)
    run(release.officer_path, RAISED)
    line = told(release, OFFICER, before) | {"release": "2026-01-01-abcdefgh"}
    append(release.folder / NOTE, signed(keys_of(settings).audit, line))


def who_approved(_: Settings, release: Release) -> None:
    in_approval(release, approved_by="Somebody else")


def why_it_was_approved(_: Settings, release: Release) -> None:
    in_approval(release, reason="Another reason, as long")


def what_a_gate_found(_: Settings, release: Release) -> None:
    assert release.approval is not None
    gates = [gate | {"found": "Nothing at all."} for gate in release.approval["gates"]]
    in_approval(release, gates=gates)


def approval_taken_away(_: Settings, release: Release) -> None:
    (release.folder / APPROVAL).unlink()


def approval_of_another_line(_: Settings, release: Release) -> None:
    in_approval(release, audit_head={"number": 1, "code": "0" * 64})


def what_it_changed(_: Settings, release: Release) -> None:
    (release.folder / DIFF).write_text("{}", encoding="utf-8")


def copied_under_another_name(settings: Settings, release: Release) -> None:
    shutil.copytree(release.folder, settings.releases / "2026-01-01-abcdefgh")


CHANGES: tuple[tuple[Change, str], ...] = (
    (public_figures_and_manifest, "manifest.json is not the one that was built"),
    (officers_figures_and_manifest, "manifest.json is not the one that was built"),
    (evidence_and_manifest, "manifest.json is not the one that was built"),
    (libraries_and_manifest, "manifest.json is not the one that was built"),
    (who_it_was_built_for, "manifest.json is not the one that was built"),
    (public_figures_excused_by_a_line, "public.duckdb is not the file that was built"),
    (officers_figures_excused_by_a_line, "not the file that the audit log knows"),
    (officers_figures_excused_by_a_line_of_another_key, "that the audit log knows"),
    (officers_figures_excused_by_a_line_of_another_release, "that the audit log knows"),
    (who_approved, "approval.json is not what the audit log says"),
    (why_it_was_approved, "approval.json is not what the audit log says"),
    (what_a_gate_found, "approval.json is not what the audit log says"),
    (approval_of_another_line, "approval.json is not what the audit log says"),
    (approval_taken_away, "approval.json is missing"),
    (what_it_changed, "diff.json is not what was approved"),
    (copied_under_another_name, "the audit log knows of no build of it"),
)


def faults(settings: Settings) -> list[str]:
    seals = sealed.seals_of(settings)
    return [
        fault
        for each in all_releases(settings.workspace)
        for fault in (*sealed.verify(settings, each, seals), *seals.lost_approval(each))
    ]


def test_a_release_as_it_was_published_is_sealed_and_without_a_fault(
    settings: Settings, release: Release
) -> None:
    assert sealed.verify(settings, release) == []
    assert sealed.seals_of(settings).has(release)


@pytest.mark.parametrize(
    ("change", "said"), CHANGES, ids=lambda item: getattr(item, "__name__", "")
)
def test_a_change_is_found_although_what_stands_beside_it_was_changed_too(
    settings: Settings, release: Release, change: Change, said: str
) -> None:
    change(settings, release)
    (fault,) = faults(settings)
    assert said in fault


@pytest.mark.parametrize(
    "change", [public_figures_and_manifest, copied_under_another_name, who_approved]
)
def test_no_reader_is_sent_to_a_release_that_the_log_does_not_know(
    settings: Settings, release: Release, change: Change
) -> None:
    other = approve.publish(settings, twin(settings, release, 1, RAISED), WHO, WHY)
    change(settings, release)
    (changed,) = [
        each
        for each in all_releases(settings.workspace)
        if each.id != other.id and sealed.verify(settings, each)
    ]
    with pytest.raises(FailedCheckError, match="audit log"):
        approve.rollback(settings, changed, WHO, WHY)
    assert current_release(settings.workspace) == other


def test_the_command_tells_and_ends_with_one(
    settings: Settings, run_send: Callable[..., Any]
) -> None:
    whole = run_send(settings.workspace, "releases", "verify", "--json")
    assert whole.returncode == 0, whole.stderr
    (document,) = json.loads(whole.stdout)["releases"]
    assert (document["faults"], document["is_sealed"]) == ([], True)
    (release,) = all_releases(settings.workspace)
    public_figures_and_manifest(settings, release)
    done = run_send(settings.workspace, "releases", "verify")
    assert done.returncode == 1
    assert "manifest.json is not the one that was built, as the audit log shows" in done.stdout
    assert "Audit log: 2 lines, each as it was written." in done.stdout


def test_a_release_that_cannot_be_read_or_is_gone_is_told(
    settings: Settings, run_send: Callable[..., Any]
) -> None:
    (release,) = all_releases(settings.workspace)
    (release.folder / MANIFEST).write_text("{", encoding="utf-8")
    damaged = run_send(settings.workspace, "releases", "verify", "--json")
    assert damaged.returncode == 1
    (document,) = json.loads(damaged.stdout)["releases"]
    assert document["faults"] == ["its manifest or its approval cannot be read"]
    shutil.rmtree(release.folder)
    gone = run_send(settings.workspace, "releases", "verify", "--json")
    assert gone.returncode == 1
    (document,) = json.loads(gone.stdout)["releases"]
    assert document["release"] == release.id
    assert "the audit log knows of no deletion" in document["faults"][0]


def test_one_from_before_the_log_held_hashes_is_told_and_is_not_faulty(
    settings: Settings, release: Release, run_send: Callable[..., Any]
) -> None:
    """The log made anew without them, as an earlier version wrote it."""
    path = audit_log.path_of(settings)
    acts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.unlink()
    shutil.rmtree(audit_log.heads_folder(settings))
    left_out = {"number", "at", "action", "code", "code_before", "manifest_sha256"}
    for act in acts:
        kept = {name: value for name, value in act.items() if name not in left_out}
        audit_log.note(settings, act["action"], **kept)
    assert sealed.verify(settings, release) == []
    assert not sealed.seals_of(settings).has(release)
    done = run_send(settings.workspace, "releases", "verify", release.id)
    assert "It is not sealed in the audit log" in done.stdout
    public_figures_excused_by_a_line(settings, release)
    assert as_built.verify(release), "its manifest still tells"


# ---- what may change a release ------------------------------------------------------------------


def written_anew(settings: Settings, release: Release) -> None:
    """As an erasure and a change of key do."""
    path = release.folder / OFFICER
    statement = "delete from work.marts.plan_note"
    forget_releases.rewrite(
        settings, path, lambda work: work.execute(statement) and None, forget_releases.WHY
    )


def test_what_an_erasure_writes_anew_stays_verifiable_whether_or_not_it_ended(
    settings: Settings, release: Release
) -> None:
    written_anew(settings, release)
    assert sealed.verify(settings, release) == [], "it was broken off before its line in the log"
    audit_log.note(settings, "forget", **sealed.rewritten(settings, [release.id]))
    assert sealed.verify(settings, release) == []
    written_anew(settings, release)
    assert sealed.verify(settings, release) == [], "and the next one"
    (line, _) = (release.folder / NOTE).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["release"] == release.id
    assert len(as_built.erasures(release)) == 1


def test_a_file_from_before_an_erasure_put_back_is_found(
    settings: Settings, release: Release, tmp_path: Path
) -> None:
    before = tmp_path / OFFICER
    shutil.copy(release.officer_path, before)
    written_anew(settings, release)
    audit_log.note(settings, "forget", **sealed.rewritten(settings, [release.id]))
    shutil.copy(before, release.officer_path)
    (release.folder / NOTE).unlink()
    assert as_built.verify(release) == [], "by its manifest it is as it was built"
    assert sealed.verify(settings, release) == [
        "officer.duckdb is not the file that the audit log knows"
    ]


def test_a_publication_that_was_broken_off_is_told_and_ended_by_the_next(
    settings: Settings, release: Release
) -> None:
    """Killed after its line in the log, before approval and pointer."""
    made = approve.publish(settings, twin(settings, release, 1, RAISED), WHO, WHY)
    approve.rollback(settings, release, WHO, WHY)
    (made.folder / APPROVAL).unlink()
    (fault,) = faults(settings)
    assert "approval.json is missing, and the audit log says that it was published on" in fault
    again = approve.publish(settings, find_release(settings.workspace, made.id), WHO, WHY)
    assert current_release(settings.workspace) == again
    assert faults(settings) == []


def test_publishing_and_going_back_leave_a_release_without_a_fault(
    settings: Settings, release: Release
) -> None:
    other = approve.publish(settings, twin(settings, release, 1, RAISED), WHO, WHY)
    approve.rollback(settings, release, WHO, WHY)
    approve.publish(settings, other, "Another person", "Published for a second time")
    assert faults(settings) == []
