"""Single facts that the pages tell: spans and bounds, read off the code and the globals, in words."""

from __future__ import annotations

from bot.content.filters import duration
from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.dialogue.firing import MOST_UNANSWERED
from bot.dialogue.hours import QUIET
from bot.dialogue.meeting import VISIT_GAP
from bot.dialogue.retention import GRACE, SILENT
from bot.publishing.quoting import quoted
from bot.runtime.nudger import REMEMBERED

_SAID = {
    "said at the start": ("consent/hello", "consent/terms", "consent/more"),
    "said when asked": ("common/human",),
    "said again": ("common/notice",),
    "said of privacy": ("why/privacy",),
    "said of deleting": ("delete_me/ask",),
}


def facts(content: Content) -> dict[str, str]:
    """Return each fact by the name of its gap."""
    known = content.flows.globals
    notice = known.notice
    sources = content.prompts.sources.of(SOURCE)
    return {
        "visit gap": duration(VISIT_GAP),
        "unanswered": str(MOST_UNANSWERED),
        "quiet": f"{QUIET[0]} to {QUIET[1]}",
        "silent": duration(SILENT),
        "grace": duration(GRACE),
        "fingerprints": duration(int(REMEMBERED.total_seconds())),
        "notice every": duration(notice.every) if notice else "no span of",
        "notice away": duration(notice.away) if notice else "no span of",
        "countries": str(len(content.helplines.countries)),
        "languages": ", ".join(content.prompts.languages),
        "commands": ", ".join(f"`/{one.command}`" for one in known.interrupts if one.command),
        **{
            gap: "\n\n".join(quoted(sources[name].variants[0].text) for name in names if name in sources)
            for gap, names in _SAID.items()
        },
    }
