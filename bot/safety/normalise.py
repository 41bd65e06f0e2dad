"""One spelling for what people type: disguises, look-alike letters, stretched and spaced words are undone.

Every pass walks the text once, so the time grows with its length and with nothing else. Numbers keep their
shape ("2am", "24h", "988"), because answers to questions are read from the same text.
"""

from __future__ import annotations

import re
import unicodedata


def _table(shown: str, meant: str) -> dict[int, str]:
    return {ord(a): b for a, b in zip(shown, meant, strict=True)}


_MARKS = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u02bc\u02b9\u00b4`\uff07\u2032"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-"),
    **{ord("😂"): " lol ", ord("🤣"): " lol ", ord("🔫"): " gun ", ord("💊"): " pills "},
    **{ord("👍"): " ok ", ord("👌"): " ok ", ord("👎"): " no "},
    **dict.fromkeys(range(0x1F3FB, 0x1F400), ""),  # the colours of a skin
}
# Letters of other scripts that are drawn like Latin ones. Folded only beside Latin letters: a text that is
# Russian or Greek throughout stays what it is. Capitals come first where capital and small differ in looks.
_CAPITALS = _table("ΗΝΥΜΖ", "hnymz")
_LOOKALIKES = {
    **_table("авгекмнопрстухіјѕьԁԛԝһӏ", "abrekmhonpctyxijsbdqwhl"),
    **_table("αβγεηικνορτυχωϲϳ", "abyenikvoptuxwcj"),
    **_table("ɑɡıʟɴʀɪᴀᴇᴏᴛɩøłđ", "agilnriaeotiold"),
}
_LEET = str.maketrans("013457@$!", "oieastasi")

_INVISIBLE = frozenset(("Mn", "Me", "Cf"))
_LATIN = re.compile(r"[a-zA-Z]")
_SPACED = re.compile(r"(?<![a-z0-9'])(?:[a-z][ .\-_*]){2,}[a-z](?![a-z0-9'])")
_DISGUISED = re.compile(r"(?<![a-z0-9@$!])[a-z]+(?:[013457@$!]{1,2}[a-z]+)+")
_STRETCHED = re.compile(r"([a-z])\1{2,}(?=([a-z])?)")
_BLANKS = re.compile(r"[^\S\n]+")
_DOUBLED_INSIDE = frozenset("eolnrtps")


def normalise(text: str) -> str:
    """Return `text` in lower case and in one spelling of letters, quotes and blanks; line breaks stay."""
    plain = text.lower() if text.isascii() else _folded(text)
    plain = _SPACED.sub(_joined, plain.replace("`", "'"))
    plain = _DISGUISED.sub(_undisguised, plain)
    plain = _STRETCHED.sub(_shortened, plain)
    return _BLANKS.sub(" ", plain).strip()


def _folded(text: str) -> str:
    """Undo compatibility forms, case, accents, invisible characters and look-alikes."""
    apart = unicodedata.normalize("NFKD", text.translate(_MARKS))
    seen = "".join(c for c in apart if unicodedata.category(c) not in _INVISIBLE)
    if _LATIN.search(seen):
        seen = seen.translate(_CAPITALS).lower().translate(_LOOKALIKES)
    return unicodedata.normalize("NFC", seen.lower())


def _joined(match: re.Match[str]) -> str:
    return re.sub(r"[^a-z]", "", match.group())


def _undisguised(match: re.Match[str]) -> str:
    return match.group().translate(_LEET)


def _shortened(match: re.Match[str]) -> str:
    """Keep two letters where English doubles them ("goood", "killll"), else one ("diiie", "soooo")."""
    letter, after = match.group(1), match.group(2)
    keep_two = letter in _DOUBLED_INSIDE if after else letter == "l"
    return letter * (2 if keep_two else 1)
