"""A scripted history of releases, by the command, in a copy of the project with commits of its own.

A release that is rebuilt takes its code from a commit, so a history that changes a rule needs a
repository in which something can be committed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from pipelines.settings import PROJECT_ROOT
from tests.integration.person_level_files import upn, xml

APPROVAL = ("--approved-by", "strategy officer", "--reason", "A step of the history", "--yes")
CHILDREN = 40
NEEDED = ("commands", "pipelines", "sql", "expectations", "data")
SINGLE = (".gitignore", "pyproject.toml", "requirements.lock")
RULE_FILE = Path("expectations", "rules", "sen2", "request.yml")
MEASURE = Path("sql", "kpi", "weeks_to_issue_mean.sql")
COUNTED, COUNTED_OTHERWISE = (
    "then value end) as published_value",
    "then value + 1 end) as published_value",
)
POPULATION = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
    "region_name,old_la_code,new_la_code,la_name,age_group,population_estimate\n"
    "2024,Reporting year,Local authority,E92000001,England,E12000005,West Midlands,"
    "860,E10000028,Staffordshire,Children aged 0 to 17 years,174804\n"
)
CORRECTION = (
    "la_code,upn,module,column_name,printed_text,corrected_text,reason,decided_by_role,"
    "decided_date\n"
    "999,{upn},request,received_date,2025-02-03,2024-12-03,Stamped in December,Case manager,"
    "2026-01-20\n"
)


class History:
    """A project, a workspace and the command that joins them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "project"
        self.workspace = folder / "workspace"
        _copy_project(self.project)
        self.commit("As it is")

    def send(self, *words: str, said: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run the command of the copied project; said: what it reads from standard input."""
        names = {
            "SEND_WORKSPACE": str(self.workspace),
            "SEND_KEYS": str(self.folder / "keys"),
            "SEND_COUNCIL": "999",
        }
        return subprocess.run(
            [sys.executable, "-m", "commands.cli", *words],
            cwd=self.project,
            env=os.environ | names,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self, *words: str, said: str | None = None) -> subprocess.CompletedProcess[str]:
        """The same, of which nothing but success is expected."""
        result = self.send(*words, said=said)
        assert result.returncode == 0, f"{words}\n{result.stdout}\n{result.stderr}"
        return result

    def document(self, *words: str) -> Any:
        """What a --json call prints."""
        return json.loads(self.done(*words, "--json").stdout)

    def publish(self) -> str:
        """Build and publish; the release's id."""
        self.done("build")
        self.done("publish", *APPROVAL)
        return (self.workspace / "releases" / "CURRENT").read_text().strip()

    def commit(self, message: str) -> None:
        """Commit whatever lies in the copied project."""
        if not (self.project / ".git").is_dir():
            self._git("init", "--quiet")
        self._git("add", "--all")
        self._git(
            *("-c", "user.name=test", "-c", "user.email=test@example.org"),
            *("commit", "--quiet", "--message", message),
        )

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.project, check=True, capture_output=True)

    def take_in(self, path: Path, status: str) -> None:
        """Ingest a return. That it has findings is told by the exit code; it is read all the same.

        status: what must become of it.
        """
        files = json.loads(self.send("ingest", str(path), "--json").stdout)["files"]
        assert [file["status"] for file in files] == [status]

    # ---- the steps -----------------------------------------------------------------------------

    def take_in_first(self, children: int) -> None:
        """A published file, in a zip, and a return."""
        packed = self.folder / "estimates.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("any name.csv", POPULATION)
        self.done("ingest", str(packed))
        self.take_in(self.return_of("return.xml", children), "landed")

    def restate(self, children: int) -> None:
        """The same return, with more children."""
        self.take_in(self.return_of("restated.xml", children), "landed")

    def change_a_rule(self) -> None:
        """A record rule is told otherwise and a measure counts otherwise; returns are read anew."""
        rules = self.project / RULE_FILE
        text = rules.read_text(encoding="utf-8")
        assert "severity: query" in text
        rules.write_text(text.replace("severity: query", "severity: error", 1), encoding="utf-8")
        measure = self.project / MEASURE
        text = measure.read_text(encoding="utf-8")
        assert COUNTED in text
        measure.write_text(text.replace(COUNTED, COUNTED_OTHERWISE), encoding="utf-8")
        self.commit("A rule and a measure changed")
        for path in sorted(self.folder.glob("*.xml")):
            self.take_in(path, "read again")

    def correct(self) -> None:
        """One value of one child is put right."""
        path = self.folder / "corrections.csv"
        path.write_text(CORRECTION.format(upn=upn(3)), encoding="utf-8")
        self.done("ingest", str(path))

    def erase(self, number: int) -> None:
        """One child is forgotten."""
        self.done("forget", said=f"{upn(number)}\n")

    def return_of(self, name: str, children: int) -> Path:
        """A return of the sample county."""
        path = self.folder / name
        path.write_bytes(xml(children, la_code="999"))
        return path


def _copy_project(target: Path) -> None:
    """The files of the project that git keeps, or would."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *NEEDED, *SINGLE],
        cwd=PROJECT_ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (PROJECT_ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT_ROOT / name, target / name)
