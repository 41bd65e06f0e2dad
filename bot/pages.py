"""What `/why` can explain, for whoever writes or serves it: all pages by name, or one with its source."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.content.library import Content, load_sound
from bot.content.markup import plain
from bot.content.why import WhyPage
from bot.settings import Settings


def list_pages(settings: Settings) -> None:
    """Print every page by id: how sure it is, until when it is vouched for, and its title.

    Raises:
        ContentError: the flows or prompts have faults.
    """
    content = load_sound(settings.flows, settings.prompts)
    today = datetime.now(UTC).date()
    widest = max((len(page) for page in content.why), default=0)
    for page in content.why.values():
        print(f"{page.id:{widest}}  {page.claim:8}  {_until(page, today):17}  {page.title}")
    print(f"{len(content.why)} pages")


def show_page(settings: Settings, topic: str) -> bool:
    """Print the page a topic, a synonym or a question in free words finds, as a person reads it.

    Returns:
        Whether there is such a page.

    Raises:
        ContentError: the flows or prompts have faults.
    """
    content = load_sound(settings.flows, settings.prompts)
    found = content.why.find(topic)
    if found is None:
        print("no page is clearly about that; `lowtide why --list` names them all")
        return False
    print("\n\n".join((_body(content, found, settings.lang), _vouched(content.why[found]))))
    return True


def _body(content: Content, page: str, lang: str) -> str:
    """Render a page for somebody who has not named a country."""
    return plain(content.prompts.render(f"why/{page}", 0, {"country": "other"}, lang))


def _vouched(page: WhyPage) -> str:
    rows = [("page", page.id), ("claim", page.claim), ("source", page.source)]
    rows += [("doi", f"https://doi.org/{page.doi}")] if page.doi else []
    if page.stamp is not None:
        rows.append(("reviewed", f"{page.stamp.checked_on}, until {page.stamp.expires_on}"))
    return "\n".join(f"{name:9} {words}" for name, words in rows)


def _until(page: WhyPage, today: date) -> str:
    if page.stamp is None:
        return "nobody vouches"
    expires = page.stamp.expires_on
    return f"until {expires}" if today <= expires else f"EXPIRED {expires}"
