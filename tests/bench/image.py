"""The image, made without a container engine: the Dockerfile's own lines, replayed in roots of their own.

    python -m tests.bench.image [--keep FOLDER]

Needs root, debootstrap, bubblewrap, and the registries that `docker build` would need. Debian's minimal
system stands for the base image of the first stage. What comes out is weighed; then Lowtide runs in it as the
image would run it, and talks to a Telegram of our own (tests/bench/image_run.py).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from tests.bench.dockerfile import Copy, Run, Stage, read

ROOT = Path(__file__).parent.parent.parent
MOST = 200_000_000
"""Bytes the image may weigh, unpacked, as an engine shows it."""
CERTIFICATES = "/run/certificates"
LENT = {
    "/etc/resolv.conf": "/etc/resolv.conf",
    "/etc/apt/apt.conf.d": "/etc/apt/apt.conf.d",
    "/etc/ssl/certs/ca-certificates.crt": CERTIFICATES,
}
"""What a build takes from the machine it runs on, and where it sees it: how the registries are reached."""
ALONE = ("bwrap", "--dev-bind", "/", "/", "--cap-add", "ALL", "--unshare-net", "--die-with-parent")
"""What leads to a network of one's own, where the ports of the image are free."""
PASSED = ("http_proxy", "https_proxy", "no_proxy", "PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT")


def main(arguments: list[str]) -> int:
    """Replay, weigh, run; return 1 where it is too heavy or does not answer."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.image")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the roots there, and use its base")
    keep = parser.parse_args(arguments).keep
    with tempfile.TemporaryDirectory(prefix="lowtide-image-") as folder:
        Path(folder).chmod(0o711)  # the image's user has to find its root
        place = keep or Path(folder)
        stages = read((ROOT / "deploy" / "Dockerfile").read_text())
        for stage in stages:
            replay(stage, place)
        last = place / stages[-1].name
        size = weigh(last)
        print(f"unpacked {size / 1e6:.1f} MB of {MOST / 1e6:.0f}, packed {packed(last) / 1e6:.1f} MB")
        answered = subprocess.run([*ALONE, sys.executable, "-m", "tests.bench.image_run", place], check=False)
    return int(size > MOST or answered.returncode != 0)


# --- replaying --------------------------------------------------------------------------------------------


def replay(stage: Stage, place: Path) -> None:
    """Do in a root of its own what a stage says."""
    root = place / stage.name
    shutil.rmtree(root, ignore_errors=True)
    if stage.base == "scratch":
        root.mkdir(parents=True)
    else:
        subprocess.run(["cp", "-a", base(stage.base, place), root], check=True)
    for order in stage.orders:
        print(f"{stage.name}: {order.line if isinstance(order, Run) else order}", flush=True)
        run(order, root) if isinstance(order, Run) else copy(order, root, place)


def base(image: str, place: Path) -> Path:
    """Make what stands for a base image: Debian's minimal system of the same name."""
    name, _, release = image.partition(":")
    root = place / "base"
    if name != "debian":
        raise ValueError(f"nothing here stands for {image}")
    if not root.exists():
        subprocess.run(["debootstrap", "--variant=minbase", release.removesuffix("-slim"), root], check=True)
    return root


def run(order: Run, root: Path) -> None:
    """Run a line in a root, as root, with the registries in reach."""
    (root / order.directory.lstrip("/")).mkdir(parents=True, exist_ok=True)
    passed = {name: text for name, text in os.environ.items() if name.startswith(PASSED)}
    surroundings = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "PIP_CERT": CERTIFICATES,
    }
    lent = [word for path, seen in LENT.items() if Path(path).exists() for word in ("--ro-bind", path, seen)]
    subprocess.run(
        [
            *("bwrap", "--bind", root, "/", "--dev", "/dev", "--proc", "/proc", *lent),
            *("--unshare-pid", "--cap-add", "ALL", "--chdir", order.directory, "/bin/sh", "-c", order.line),
        ],
        env={**passed, **surroundings, **order.environment},
        check=True,
    )


def copy(order: Copy, root: Path, place: Path) -> None:
    """Copy as COPY does: the contents of a folder, what is ignored left out, and all of it owned by root."""
    target = root / order.target.lstrip("/")
    for source in order.sources:
        if order.stage:
            subprocess.run(["cp", "-a", f"{place / order.stage}/{source.strip('/')}/.", target], check=True)
            continue
        for path in sent(ROOT / source):
            inner = path.relative_to(ROOT / source)
            to = target / path.name if order.target.endswith("/") and inner == Path() else target / inner
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, to)


def sent(source: Path) -> Iterator[Path]:
    """List the files of the checkout that reach the builder."""
    files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
    return (path for path in files if not ignored(str(path.relative_to(ROOT))))


def ignored(path: str) -> bool:
    """Tell whether .dockerignore keeps a file back: the last line that fits it or a folder of it decides."""
    found = False
    whole = [path, *map(str, Path(path).parents)]
    for line in _lines_of_ignored():
        pattern = line.removeprefix("!")
        if any(_fits(one, pattern) for one in whole if one != "."):
            found = not line.startswith("!")
    return found


@cache
def _lines_of_ignored() -> tuple[str, ...]:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _fits(path: str, pattern: str) -> bool:
    """Match as the builder does: * stays within a folder, ** does not."""
    if pattern.startswith("**/"):
        return fnmatch(Path(path).name, pattern[3:])
    return path.count("/") == pattern.count("/") and fnmatch(path, pattern)


# --- weighing ---------------------------------------------------------------------------------------------


def weigh(root: Path) -> int:
    """Add up the bytes of all files, as an engine tells the size of an image."""
    return sum(path.lstat().st_size for path in root.rglob("*") if path.is_file() or path.is_symlink())


def packed(root: Path) -> int:
    """Return what is fetched from a registry: the one layer as a packed archive."""
    with tempfile.TemporaryFile() as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
            archive.add(root, arcname=".")
        return file.tell()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
