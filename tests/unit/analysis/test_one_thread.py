"""Linear algebra in one thread: many small fits cost several times as much in more."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipelines.settings import PROJECT_ROOT

COUNT_THREADS = """
import os, sys
import pipelines
import numpy as np
from scipy.linalg import cholesky
square = np.ones((600, 600)) + 600 * np.eye(600)
(square @ square).sum() + cholesky(square).sum()
sys.stdout.write(f"{os.environ['OPENBLAS_NUM_THREADS']} {len(os.listdir('/proc/self/task'))}")
"""


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads are counted in /proc")  # noqa: PTH112
@pytest.mark.parametrize(
    ("asked", "threads"),
    [
        pytest.param(None, ("1", 1), id="by the product"),
        pytest.param("2", ("2", 2), id="by whoever sets a number"),
    ],
)
def test_as_many_threads_of_linear_algebra_run_as_were_asked_for(
    asked: str | None, threads: tuple[str, int]
) -> None:
    environment = {name: text for name, text in os.environ.items() if "NUM_THREADS" not in name}
    if asked is not None:
        environment["OPENBLAS_NUM_THREADS"] = asked
    told = subprocess.run(
        [sys.executable, "-c", COUNT_THREADS],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    said, count = told.split()
    assert said == threads[0]
    assert (int(count) == 1) == (threads[1] == 1)
