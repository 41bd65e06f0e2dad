"""Where a version comes from: a folder, or a revision of the folder at hand, laid out in its own place."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.content.library import Content, load
from bot.errors import OperatorError
from bot.settings import Settings


@contextmanager
def two_versions(settings: Settings, named: Sequence[str]) -> Iterator[tuple[Content, Content]]:
    """Give the contents of `A B`, of `A..B`, or of `A` and what is here.

    Raises:
        OperatorError: one is neither a folder nor a revision, or holds no flows.
    """
    names = (
        named[0].split("..", 1)
        if len(named) == 1 and ".." in named[0] and not Path(named[0]).exists()
        else named
    )
    before, after = names if len(names) > 1 else (names[0], "")
    with TemporaryDirectory() as folder:
        yield (
            _version(settings, before or "HEAD", Path(folder) / "a"),
            _version(settings, after, Path(folder) / "b")
            if after
            else load(settings.flows, settings.prompts),
        )


def _version(settings: Settings, name: str, room: Path) -> Content:
    """Read a folder, or a revision after it was laid out in a room of its own."""
    if Path(name).is_dir():
        root = Path(name)
    else:
        _lay_out(settings.flows.parent, name, room)
        root = room
    if not (root / "flows").is_dir():
        raise OperatorError(f"{name} holds no flows/; name the folder above it")
    return load(root / "flows", root / "prompts")


def _lay_out(repository: Path, revision: str, room: Path) -> None:
    if revision.startswith("-"):
        raise OperatorError(f"{revision} is no folder and no revision")
    order = ["git", "-C", str(repository), "archive", "--format=tar", revision, "--", "flows", "prompts"]
    try:
        made = subprocess.run(order, capture_output=True, check=False)  # noqa: S603  no shell, no option
    except OSError as error:
        raise OperatorError(f"{revision} is no folder, and git is not there to ask: {error}") from error
    if made.returncode:
        reason = made.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise OperatorError(f"{revision} is no folder, and no revision with flows and prompts: {reason}")
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() else None  # no links: they may lead anywhere
            if file is not None:
                path = room / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.read())
