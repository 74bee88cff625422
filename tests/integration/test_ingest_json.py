"""What `send ingest --json` prints of files that cannot be read: each of them once."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path


def test_a_named_file_that_cannot_be_read_is_told_once(
    run_send: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    strange = tmp_path / "strange.csv"
    strange.write_text("a,b\n1,2\n", encoding="utf-8")
    missing = tmp_path / "missing.csv"
    done = run_send(tmp_path / "workspace", "ingest", str(strange), str(missing), "--json")
    files = json.loads(done.stdout)["files"]
    assert done.returncode == 2
    assert [(item["file"], item["status"]) for item in files] == [
        ("strange.csv", "refused"),
        (str(missing), "refused"),
    ]
    assert all(item["findings"][0]["remedy"] for item in files)
