"""Generated pages are as the code makes them."""

import subprocess
import sys

from shared.settings import ROOT


def test_the_generated_pages_are_fresh() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "services.cli", "docs", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
