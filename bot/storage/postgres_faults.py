"""What PostgreSQL complains of, told to an operator: where, what and how to mend it, without passwords."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from bot.errors import StoreError

_MENDS = {
    "28": ("the server refuses this user or password", "mend LOWTIDE_DB_URL"),
    "3D": ("there is no such database", "make it with `createdb`, or mend LOWTIDE_DB_URL"),
    "42501": ("the server does not let this user do that", "make the user owner of the database"),
    "53100": ("the server has no room on its disk", "free some space there"),
    "53300": ("the server takes no more connections", "raise its max_connections, or run fewer replicas"),
    "25006": ("this server can only be read", "name the primary server in LOWTIDE_DB_URL"),
    "55P03": ("replicas hold up the upgrade", "try again, or stop them first"),
    "57014": ("an order took too long", "look at its load and its locks"),
    "57": ("the server is stopping or starting", "wait until it is up"),
}
"""By SQLSTATE or its class."""
_PASSING = ("08", "57P", "40001", "40P01", "53300")
"""What may be gone a moment later: a broken line, a restart, a deadlock, too many at once."""


def place(url: str) -> str:
    """Name a server and its database without user and password."""
    parts = urlsplit(url)
    host = parts.hostname or next(iter(parse_qs(parts.query).get("host", [])), "localhost")
    return f"postgresql {host}{parts.path}"


def explain(error: BaseException, url: str) -> StoreError:
    """Turn an error of the driver or the network into one that says what to do. It never quotes a value."""
    state = str(getattr(error, "sqlstate", None) or "")
    found = next((_MENDS[key] for key in (state, state[:2]) if key in _MENDS), None)
    if found:
        what, mend = found
    elif state and not state.startswith("08"):
        what, mend = f"the server refused an order (SQLSTATE {state})", "tell the authors of Lowtide"
    else:
        what, mend = "the server cannot be reached", "start the server, or mend LOWTIDE_DB_URL"
    return StoreError(f"{place(url)}: {what} ({type(error).__name__}); {mend}")


def passing(error: BaseException) -> bool:
    """Tell whether the same order may succeed in a moment."""
    state = getattr(error, "sqlstate", None)
    if state is None:
        return not isinstance(error, StoreError) and _is_of_the_line(error)
    return str(state).startswith(_PASSING)


def _is_of_the_line(error: BaseException) -> bool:
    from asyncpg import InterfaceError, InternalClientError  # noqa: PLC0415  only where it is used already

    return isinstance(error, OSError | TimeoutError | InterfaceError | InternalClientError)


def too_new(url: str, found: int, known: int) -> StoreError:
    """Refuse a database that a later release has upgraded."""
    return StoreError(
        f"{place(url)}: the database has version {found}, this lowtide knows {known}; "
        "install the newer lowtide again, or put back the dump that was made before the upgrade, with "
        "pg_restore (nothing was changed)"
    )


def too_old(url: str, version: int, least: int) -> StoreError:
    """Refuse a server that lacks what we need."""
    return StoreError(f"{place(url)}: this is PostgreSQL {version}; Lowtide needs {least} or newer")


def foreign(url: str) -> StoreError:
    """Refuse a database that another program made."""
    return StoreError(
        f"{place(url)}: it belongs to another program; name an empty database (nothing was changed)"
    )
