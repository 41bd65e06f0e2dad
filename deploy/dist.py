"""The wheel, the sdist and the list of what they bring along, in dist/: python -m deploy.dist [FOLDER].

Whoever builds the same sources gets the same bytes: no time, no path, no name of a machine goes in. Times are
hatchling's fixed one, or SOURCE_DATE_EPOCH. (Another zlib may pack the same contents into other bytes.)
"""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from deploy.sbom import written

ROOT = Path(__file__).parent.parent
SUMS = "SHA256SUMS"


def build(source: Path, place: Path) -> list[Path]:
    """Build the sdist and the wheel of a folder of sources; return where they are, the sdist first.

    Raises:
        subprocess.CalledProcessError: hatchling could not; it said why.
    """
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(  # noqa: S603  our own Python
        [sys.executable, "-m", "hatchling", "build", "-d", place.resolve()],
        cwd=source,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONSAFEPATH": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=True,
    )
    return [*place.glob("*.tar.gz"), *place.glob("*.whl")]


def sums(files: list[Path]) -> str:
    """Write the digests of files as `sha256sum --check` reads them."""
    return "".join(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def main(place: Path) -> None:
    """Build everything that is handed out."""
    bill = place / "lowtide.cdx.json"
    files = [*build(ROOT, place), bill]
    bill.write_text(written(ROOT))
    (place / SUMS).write_text(sums(files))
    sys.stdout.write((place / SUMS).read_text())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist")
