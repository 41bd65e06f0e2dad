"""Talking and listening: `chat` and `run`, and `hear` and `why`, which show what they would say."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.orders.asking import GOOD, Order, ended, leaving_well, place_options, settings_of


def _chat_options(chat: ArgumentParser) -> None:
    chat.add_argument("--db", type=Path, metavar="FILE", help="where to keep the conversation")
    chat.add_argument("--lang", help="the language to speak until another is chosen")
    chat.add_argument("--flow", help="begin with this flow")
    chat.add_argument("--new", action="store_true", help="begin anew; settings are kept")
    place_options(chat)


def _chat(args: Namespace) -> int:
    from bot.chat import chat  # noqa: PLC0415  only this command pays for it

    return chat(settings_of(args), flow=args.flow, new=args.new)


def _run_options(run: ArgumentParser) -> None:
    run.add_argument("--check", action="store_true", help="only look whether all is ready, and what to mend")
    run.add_argument("--db", type=Path, metavar="FILE", help="where to keep the conversations")
    run.add_argument("--lang", help="the language to speak until another is chosen")
    place_options(run)


def _run(args: Namespace) -> int:
    if args.check:
        from bot.operating.readiness import ready  # noqa: PLC0415  only this command pays for it

        return ended(ready(settings_of(args)))
    with leaving_well():
        from bot.run import run  # noqa: PLC0415  only this command pays for it

        return run(settings_of(args))


def _hear_options(hear: ArgumentParser) -> None:
    hear.add_argument("texts", nargs="*", metavar="TEXT", help="a text (default: each line of stdin is one)")
    hear.add_argument("--state", metavar="FLOW.STATE", help="what was asked (default: nothing yet)")
    hear.add_argument("--json", action="store_true", help="one JSON object a text, each on a line")
    hear.add_argument("--lang", help="the language to listen in")
    place_options(hear)


def _hear(args: Namespace) -> int:
    from bot.hear import hear  # noqa: PLC0415  only this command pays for it

    hear(settings_of(args), args.texts, args.state, args.json)
    return GOOD


def _why_options(why: ArgumentParser) -> None:
    why.add_argument(
        "topic", nargs="*", metavar="TOPIC", help="an id, a synonym, or a question in free words"
    )
    why.add_argument("--list", action="store_true", help="list every page (also without a topic)")
    why.add_argument("--lang", help="the language of the page")
    place_options(why)


def _why(args: Namespace) -> int:
    from bot.pages import list_pages, show_page  # noqa: PLC0415  only this command pays for it

    if args.list or not args.topic:
        list_pages(settings_of(args))
        return GOOD
    return ended(show_page(settings_of(args), " ".join(args.topic)))


TALKING = (
    Order("chat", "talk with Lowtide in this terminal; a pipe works too", _chat_options, _chat),
    Order("run", "serve Telegram and Discord with the tokens of the settings", _run_options, _run),
)
LISTENING = (
    Order("hear", "show what is heard in a text, and what the bot would do", _hear_options, _hear),
    Order("why", "show a page of /why with its source, or list them all", _why_options, _why),
)
