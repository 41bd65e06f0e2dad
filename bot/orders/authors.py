"""The author's bench: check, test, draw, record, release and publish what is written."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.orders.asking import GOOD, Order, ended, folder_options, place_options, settings_of


def _check_options(check: ArgumentParser) -> None:
    folder_options(check)
    check.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    check.add_argument(
        "--explain", metavar="CODE", help="say what a code means and how it is mended; `all` lists them"
    )


def _check(args: Namespace) -> int:
    from bot.authoring.checking import check, explain  # noqa: PLC0415  only this command pays for it

    if args.explain:
        return ended(explain(args.explain))
    return ended(check(settings_of(args), args.format))


def _test_options(test: ArgumentParser) -> None:
    folder_options(test)
    test.add_argument("-k", dest="only", metavar="WORDS", default="", help="only tests whose name holds this")
    after = test.add_mutually_exclusive_group()
    after.add_argument("--lang", dest="speak", metavar="LANG", help="play each once more in this language")
    after.add_argument("--watch", action="store_true", help="go on, and play what each save touches")
    after.add_argument("--update", action="store_true", help="rewrite what is expected to what was found")


def _test(args: Namespace) -> int:
    from bot.authoring import rehearsing  # noqa: PLC0415  only this command pays for it

    settings = settings_of(args)
    if args.watch or args.update:
        run = rehearsing.watch if args.watch else rehearsing.update
        return ended(run(settings, args.only))
    return ended(rehearsing.rehearse(settings, args.only, args.speak))


def _cover_options(cover: ArgumentParser) -> None:
    folder_options(cover)
    cover.add_argument("--flow", metavar="FLOW", help="only this flow")
    cover.add_argument(
        "--lang",
        dest="speak",
        action="append",
        default=[],
        metavar="LANG",
        help="play each test in this language too; may be given again",
    )
    cover.add_argument(
        "--fail-under",
        dest="floors",
        action="append",
        default=[],
        metavar="N",
        help="fail below so many percent; `states=100` asks it of one kind; may be given again",
    )
    cover.add_argument("--json", action="store_true", help="the same as data")
    cover.add_argument("--mermaid", action="store_true", help="print the flows as Mermaid, with what is met")
    cover.add_argument("--svg", type=Path, metavar="DIR", help="draw each flow there, with what is met")


def _cover(args: Namespace) -> int:
    from bot.authoring.cover import Wish, cover  # noqa: PLC0415  only this command pays for it

    wish = Wish(args.flow, args.speak, args.floors, args.json, args.mermaid, args.svg)
    return ended(cover(settings_of(args), wish))


def _walk_options(walk: ArgumentParser) -> None:
    folder_options(walk)
    walk.add_argument("--depth", type=int, default=1, metavar="N", help="explore everything to this depth")
    walk.add_argument("--turns", type=int, default=100_000, metavar="N", help="then so many turns by chance")
    walk.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed is the same walk")
    walk.add_argument(
        "--from", dest="begin", default="", metavar="FLOW[.STATE]", help="begin on the way there"
    )
    walk.add_argument(
        "--save", type=Path, metavar="FILE", help="save what broke as tests: FLOW.walk.test.yaml"
    )
    walk.add_argument("--jobs", type=int, default=0, metavar="N", help="processes (default: one a core)")
    walk.add_argument("--json", action="store_true", help="tell it as JSON")


def _walk(args: Namespace) -> int:
    from bot.authoring.walking.walking import Wish, walk  # noqa: PLC0415  only this command pays for it

    wish = Wish(args.depth, args.turns, args.seed, args.begin, args.jobs, args.save, args.json)
    return ended(walk(settings_of(args), wish))


def _transcripts_options(transcripts: ArgumentParser) -> None:
    folder_options(transcripts)
    transcripts.add_argument("--to", type=Path, metavar="DIR", help="where to (default: docs/transcripts)")
    transcripts.add_argument("--check", action="store_true", help="only tell which pages are not as written")


def _transcripts(args: Namespace) -> int:
    from bot.authoring.transcripts import transcripts  # noqa: PLC0415  only this command pays for it

    return ended(transcripts(settings_of(args), args.to, check=args.check))


def _graph_options(graph: ArgumentParser) -> None:
    graph.add_argument("flow", nargs="?", help="one flow (default: all, and how they call each other)")
    graph.add_argument("--svg", type=Path, metavar="FOLDER", help="write SVG files there instead")
    place_options(graph)


def _graph(args: Namespace) -> int:
    from bot.authoring.drawing import graph  # noqa: PLC0415  only this command pays for it

    graph(settings_of(args), args.flow, args.svg)
    return GOOD


def _lock_options(lock: ArgumentParser) -> None:
    folder_options(lock)
    lock.add_argument("--amend", action="store_true", help="allow a version nobody has met yet to change")


def _lock(args: Namespace) -> int:
    from bot.authoring.recording import lock  # noqa: PLC0415  only this command pays for it

    return ended(lock(settings_of(args), args.amend))


def _release_options(release: ArgumentParser) -> None:
    folder_options(release)
    release.add_argument("--db", type=Path, metavar="FILE", help="where the conversations are kept")
    release.add_argument("--dry-run", action="store_true", help="only say it; nothing goes live")


def _release(args: Namespace) -> int:
    from bot.authoring.release import release  # noqa: PLC0415  only this command pays for it

    return ended(release(settings_of(args), args.dry_run))


def _schema_options(schema: ArgumentParser) -> None:
    schema.add_argument("--write", action="store_true", help="write flows/flow.schema.json instead")


def _schema(args: Namespace) -> int:
    from bot.authoring.recording import schema  # noqa: PLC0415  only this command pays for it

    schema(settings_of(args), args.write)
    return GOOD


def _pages_options(pages: ArgumentParser) -> None:
    folder_options(pages)
    pages.add_argument(
        "--docs", type=Path, metavar="DIR", help="the folder docs/ (default: beside the flows)"
    )
    pages.add_argument("--check", action="store_true", help="only look whether they are what the flows say")


def _pages(args: Namespace) -> int:
    from bot.publishing.filling import write  # noqa: PLC0415  only this command pays for it

    settings = settings_of(args)
    return ended(write(settings, args.docs or settings.flows.parent / "docs", args.check))


LOOKING = (
    Order("check", "report every fault in flows and prompts, each with its place", _check_options, _check),
    Order("test", "play the *.test.yaml beside the flows", _test_options, _test),
    Order("cover", "tell what of the flows their tests never meet", _cover_options, _cover),
    Order(
        "walk", "go every way to a depth, then a million by chance, and tell what broke", _walk_options, _walk
    ),
)
WRITING = (
    Order(
        "transcripts",
        "write the whole conversations of *.test.yaml as pages to read aloud",
        _transcripts_options,
        _transcripts,
    ),
    Order("graph", "draw flows as Mermaid, or as SVG files", _graph_options, _graph),
    Order("lock", "record the structure of each flow's version in flows.lock", _lock_options, _lock),
    Order(
        "release",
        "say where everybody who waits would land, and let the flows go live",
        _release_options,
        _release,
    ),
    Order("schema", "print the JSON Schema that editors complete flows with", _schema_options, _schema),
    Order("pages", "write the safety, privacy and review pages of docs/", _pages_options, _pages),
)
