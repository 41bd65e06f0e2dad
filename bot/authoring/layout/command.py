"""What `lowtide fmt` does: put the files of authors into the one layout, or tell which are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.authoring.layout.laying import laid_out
from bot.content.words import OPTIONS
from bot.content.yaml12 import read
from bot.errors import OperatorError
from bot.settings import Settings

_TESTS = ".test.yaml"


def fmt(settings: Settings, paths: Sequence[Path], *, check: bool) -> bool:
    """Write each file anew that is laid out otherwise; with `check` only tell. Tell whether all was well.

    Raises:
        OperatorError: a path that was named is not there.
    """
    files = list(_files(paths or (settings.flows, settings.prompts)))
    otherwise, unread = [], []
    for path in files:
        text = path.read_bytes().decode(errors="replace")
        made = laid_out(text, _kind(path, text))
        if made is None:
            unread.append(path)
        elif made != text:
            otherwise.append(path)
            if not check:
                path.write_bytes(made.encode())
    for path in unread:
        print(f"{path}: left as it is; {_reason(path)}")
    for path in otherwise:
        print(f"{path}: {'would be laid out anew' if check else 'laid out anew'}")
    print(f"{len(files)} files, {len(otherwise)} {'to lay out' if check else 'laid out'} anew")
    return not unread and not (check and otherwise)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files that authors write as YAML; of the prompts, those of labels and phrases."""
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from (one for one in sorted(path.rglob("*.yaml")) if one.is_file())
        else:
            raise OperatorError(f"{path} is not there; name a file, or a folder of them")


def _kind(path: Path, text: str) -> str:
    if path.name == OPTIONS:
        return "words"
    if path.name.endswith(_TESTS):
        return "test"
    return "flow" if "schema: flow/" in text else "data"


def _reason(path: Path) -> str:
    _, faults = read(path.read_bytes(), str(path))
    if faults:
        return f"it cannot be read: {faults[0]}"
    return "in the one layout it would be read as something else; please tell us"
