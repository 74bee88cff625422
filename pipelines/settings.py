"""Where things are and which council is at home. Read from the environment, never from code.

Only paths and choices of the installation belong here; facts about a council stand in
data/councils/<la_code>/settings.yml.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import InputError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEFAULT_COUNCIL = "860"
# The county that never existed; its workspace holds nothing real (data/sample).
SAMPLE_COUNTY = "999"


@dataclass(frozen=True)
class Settings:
    """One installation.

    Attributes:
        workspace: folder with inbox, raw, landing, warehouse, releases and log.
        council: three-digit code of the home authority.
        project_root: folder that holds sql/, expectations/ and data/reference/.
    """

    workspace: Path
    council: str = DEFAULT_COUNCIL
    project_root: Path = PROJECT_ROOT

    @property
    def landing(self) -> Path:
        """Parquet of contract-checked rows, one folder a table."""
        return self.workspace / "landing"

    @property
    def warehouse(self) -> Path:
        """The build's own database; nobody but the build opens it."""
        return self.workspace / "warehouse" / "build.duckdb"

    @property
    def releases(self) -> Path:
        """Published and candidate releases, and the pointer CURRENT."""
        return self.workspace / "releases"

    @property
    def council_folder(self) -> Path:
        """Settings, statements and plan of the home authority."""
        return self.project_root / "data" / "councils" / self.council

    @property
    def is_sample(self) -> bool:
        """Whether the sample county is at home; its codes are then known beside the real ones."""
        return self.council == SAMPLE_COUNTY

    def reference_paths(self, table: str) -> list[Path]:
        """The CSVs of one reference table: published facts and, for the sample county, its own."""
        data = self.project_root / "data"
        published = data / "reference" / f"{table}.csv"
        invented = data / "sample" / "reference" / f"{table}.csv"
        return [published, invented] if self.is_sample and invented.is_file() else [published]


def load_settings(workspace: Path | str | None = None) -> Settings:
    """Settings from the argument, then SEND_WORKSPACE and SEND_COUNCIL, then the defaults.

    Raises:
        InputError: the council's code is not three digits or has no folder.
    """
    folder = Path(workspace or os.environ.get("SEND_WORKSPACE") or PROJECT_ROOT / "data")
    council = os.environ.get("SEND_COUNCIL", DEFAULT_COUNCIL)
    if not re.fullmatch(r"\d{3}", council):
        raise InputError(
            f"'{council}' is not an authority code",
            where="SEND_COUNCIL",
            remedy="Give the three-digit DfE code, for example 860 for Staffordshire.",
        )
    settings = Settings(workspace=folder.expanduser().resolve(), council=council)
    if not settings.council_folder.is_dir():
        raise InputError(
            f"there is no configuration for authority {council}",
            where=f"data/councils/{council}",
            remedy="Copy data/councils/860 under the new code and edit it: data/councils/README.md",
        )
    return settings
