"""What `lowtide i18n` does: how languages stand, out to a PO file, back in, and a test language."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.authoring.i18n.catalogue import Item, catalogue
from bot.authoring.i18n.exporting import export
from bot.authoring.i18n.importing import Plan, entries_written, home, outline, plan, stamped, write
from bot.authoring.i18n.po import read_sheet
from bot.authoring.i18n.standing import ENOUGH, Count, counts, standing
from bot.authoring.i18n.trying import refused
from bot.authoring.i18n.wording import Wording
from bot.content.checks.together import check_all
from bot.content.folders import SOURCE
from bot.content.library import Content, load_sound
from bot.content.pseudo import LANGUAGE, LONGER, pseudo_files, speaking_pseudo
from bot.content.sources import STAMP
from bot.errors import OperatorError
from bot.settings import Settings


def status(settings: Settings, lang: str | None, *, names: bool) -> bool:
    """Print how each language stands, or one; tell whether nothing is missing or overtaken."""
    content = load_sound(settings.flows, settings.prompts)
    items = catalogue(content)
    chosen = [lang] if lang else [one for one in content.prompts.languages if one != SOURCE]
    if not chosen:
        print(
            f"there are no translations yet; `lowtide i18n export LANG` begins one of {len(items)} messages"
        )
    done = True
    for one in chosen:
        found = counts(content, items, one)
        print("\n".join(_lines(one, found, names=names)))
        done = done and not any(count.open for count in found)
    return done


def _lines(lang: str, found: tuple[Count, ...], *, names: bool) -> list[str]:
    rows = [lang]
    for count in found:
        whole = sum(map(len, count.by.values()))
        here = whole - len(count.by["missing"])
        parts = [f"{here} of {whole} {_PLURAL[count.kind]}"]
        parts += [
            f"{len(count.by[state])} {state}"
            for state in ("missing", "stale", "untracked")
            if count.by[state]
        ]
        parts += [f"{len(count.short)} with fewer than {ENOUGH}"] if count.short else []
        rows.append(f"  {', '.join(parts)}")
        if names:
            rows += [f"    {state} {name}" for state in ("missing", "stale") for name in count.by[state]]
            rows += [f"    short {name}" for name in count.short]
    return rows


_LANGUAGE = re.compile(r"[a-z]{2,6}(-[A-Za-z0-9]{2,8})*")
_TOO_LONG = frozenset(("W606", "W607"))
_PLURAL = {"prompt": "prompts", "label": "labels", "phrases": "lists of phrases"}


def send(settings: Settings, lang: str, to: Path | None) -> None:
    """Write the PO file of a language, to a file or to stdout."""
    text = export(load_sound(settings.flows, settings.prompts), _translation(lang))
    if to is None:
        sys.stdout.write(text)
    else:
        to.write_bytes(text.encode())
        print(f"{to}: {text.count(_MESSAGE)} messages")


_MESSAGE = "\nmsgctxt "


def take(settings: Settings, file: Path, lang: str | None) -> bool:
    """Write what a PO file brings back, all of it or nothing; tell whether it could be."""
    content = load_sound(settings.flows, settings.prompts)
    sheet = read_sheet(file)
    wanted = plan(content, sheet, _translation(lang or sheet.lang))
    faults = refused(content, settings.flows, sheet, wanted)
    for fault in faults:
        print(fault)
    if faults:
        print("nothing was written")
        return False
    write(settings.prompts, wanted)
    print("\n".join(outline(wanted, sheet)))
    return True


def stamp(settings: Settings, lang: str) -> None:
    """Note in each translation that has no hash yet that it was made from today's English."""
    content = load_sound(settings.flows, settings.prompts)
    lang = _translation(lang)
    new = [item for item in catalogue(content) if standing(content, item, lang).state == "untracked"]
    files: dict[str, str] = {}
    wordings: dict[str, dict[str, Wording]] = {}
    for item in new:
        file, name = home(item)
        if item.kind == "prompt":
            files[file] = _first_stamp(content, item, lang)
        else:
            wordings.setdefault(file, {})[name] = Wording(stamp=item.hash)
    files |= {file: entries_written(content, lang, file, each) for file, each in wordings.items()}
    write(settings.prompts, Plan(lang, files))
    print(f"{len(new)} translations carry the hash of today's English now, in {len(files)} files")


def _first_stamp(content: Content, item: Item, lang: str) -> str:
    old = (content.prompts.sources.root / lang / home(item)[0]).read_bytes().decode()
    return stamped(old, item.hash, old) if STAMP.match(old) is None else old


def _translation(lang: str) -> str:
    if not lang:
        raise OperatorError("the file does not say its language; add --lang, or a header `Language: de`")
    if not _LANGUAGE.fullmatch(lang):  # it becomes the name of a folder, and may come out of a file
        raise OperatorError(f"{lang!r} is no language; give a code such as de or pt-BR")
    if lang == SOURCE:
        raise OperatorError(f"{SOURCE} is what all others are translated from; name another language")
    return lang


def stretch(settings: Settings, to: Path | None) -> bool:
    """Tell what is too long in the test language, and write it where it is wanted; tell whether all fits."""
    content = load_sound(settings.flows, settings.prompts)
    content = speaking_pseudo(content)
    faults = [
        one for one in check_all(content, settings.flows, datetime.now(UTC).date()) if one.code in _TOO_LONG
    ]
    for fault in faults:
        print(fault)
    print(f"{len(faults)} would be too long, {LONGER:.0%} longer than the English")
    if to is not None:
        write(to, Plan("", pseudo_files(content)))
        print(f"{to}: the language `{LANGUAGE}`; put it beside the others to talk and check with it")
    return not faults
