"""From one release to the next: looked at first, with a way back, and no step of it by surprise."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.content.library import Content
from bot.errors import OperatorError
from bot.operating.copies import copied
from bot.operating.looking import Look, look
from bot.operating.stores import keys_of, opened
from bot.settings import Settings
from bot.storage.peeking import is_held

NOTHING = "nothing is to be upgraded"
DUMP = 'pg_dump --format=custom --file=lowtide.dump "$LOWTIDE_DB_URL"'
EMPTY = """psql "$LOWTIDE_DB_URL" -c 'DROP SCHEMA public CASCADE; CREATE SCHEMA public'"""
"""A dump does not know what the newer release has made: restored over it, that would stay."""
PUT_BACK = 'pg_restore --no-owner --dbname="$LOWTIDE_DB_URL" lowtide.dump'


def check(settings: Settings, content: Content) -> bool:
    """Say what an upgrade would do, and change nothing; tell whether nothing stands in its way.

    Raises:
        StoreError: the database cannot be read, or cannot be upgraded.
    """
    seen = asyncio.run(look(settings, content))
    _tell(seen)
    if seen.schema and seen.sound:
        print("everybody has a place" if seen.changed else NOTHING)
    return seen.sound


def upgrade(settings: Settings, content: Content, backed_up: bool) -> bool:
    """Look, make a copy, upgrade the database, and say how to go back; False where somebody has no place.

    The flows go live as the service starts with them; that start looks once more.

    Raises:
        OperatorError: a service holds the file, or nobody says that there is a dump of the PostgreSQL.
        StoreError: the database cannot be read, or cannot be upgraded.
    """
    seen = asyncio.run(look(settings, content))
    _tell(seen)
    if not seen.sound:
        return False
    if not seen.schema:
        return True
    if not seen.changed:
        print(NOTHING)
    elif settings.db_url:
        _upgrade_postgres(settings, seen, backed_up)
    else:
        _upgrade_file(settings, seen)
    return True


def _upgrade_file(settings: Settings, seen: Look) -> None:
    if seen.older and is_held(settings.db):
        raise OperatorError(
            f"{settings.db}: a service uses this database, and an older one would not know it afterwards; "
            "stop it, then upgrade (nothing was changed)"
        )
    copy = _beside(settings.db)
    print(f"{copy}: the copy of before, {copied(settings.db, copy)}, sealed; the key is not in it")
    if seen.older:
        asyncio.run(_open(settings))
    _tell_done(seen)
    print(
        "to go back: stop lowtide, install the release of before, and put the copy back:\n"
        f"  lowtide restore {copy} --replace --db {settings.db}\n"
        "what is said from now on is not in it"
    )


def _upgrade_postgres(settings: Settings, seen: Look, backed_up: bool) -> None:
    if not backed_up:
        raise OperatorError(
            f"make a copy first, which `lowtide` cannot do for PostgreSQL:\n  {DUMP}\n"
            "then say so: lowtide upgrade --backed-up (nothing was changed)"
        )
    if seen.older:
        asyncio.run(_open(settings))
    _tell_done(seen)
    print(
        "to go back: stop every replica, install the release of before, and put the dump back:\n"
        f"  {EMPTY}\n  {PUT_BACK}\n"
        "what is said from now on is not in it"
    )


async def _open(settings: Settings) -> None:
    async with opened(settings, keys_of(settings)):
        pass


def _beside(db: Path) -> Path:
    return db.with_name(f"{db.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")


def _tell(seen: Look) -> None:
    if not seen.schema:
        print("nobody is kept yet: there is nothing to upgrade, the first start makes the database")
        return
    if seen.older:
        print(f"database: version {seen.schema} → {seen.known}, tried on a copy: it can be upgraded")
    else:
        print(f"database: version {seen.schema}, as this lowtide has it")
    print("\n".join(seen.told()))


def _tell_done(seen: Look) -> None:
    if seen.older:
        print(f"the database has version {seen.known} now")
    if seen.live != seen.ours:
        print("everybody has a place; the flows go live when the service starts with them")
        print("to go back to the flows of before and lose nothing: lowtide release with them")
