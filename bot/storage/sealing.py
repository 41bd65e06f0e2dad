"""What people said is sealed at rest: a key for each person, wrapped under the operator's.

AES-256-GCM throughout. What is sealed is bound to its person and its column, so that nothing can be moved to
another place and still be opened. Addresses and fingerprints are found by a keyed hash (HMAC-SHA-256), whose
key is a secret of the database, the *root*, that is itself kept sealed: rotating the operator's key wraps
again and moves no row.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from os import urandom
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import StoreError
from bot.runtime.messages import Address

KEY, NONCE, NAME, HASH = 32, 12, 4, 16
"""Bytes of a key, of a nonce, of a key's name in what it wrapped, and of a keyed hash."""
REMEMBERED = 4096
"""Persons whose key is kept unwrapped in memory, those seen last."""
_ROOT = "root"


def derive(secret: bytes, purpose: str, length: int = KEY) -> bytes:
    """Make the key of one purpose from a secret (HKDF-SHA-256)."""
    return HKDF(SHA256(), length, salt=None, info=f"lowtide {purpose}".encode()).derive(secret)


class Seal:
    """Seal and open what is kept of one person."""

    __slots__ = ("_cipher", "_mark", "_person")

    def __init__(self, key: bytes, person: str) -> None:
        self._cipher = AESGCM(key)
        self._mark = blake2b(digest_size=HASH, key=key, person=b"lowtide updates")
        self._person = person

    def mark(self, update: str) -> bytes:
        """Return the hash by which an update of this person is known again, while they have their key."""
        keyed = self._mark.copy()
        keyed.update(update.encode())
        return keyed.digest()

    def seal(self, column: str, data: bytes) -> bytes:
        """Return the data sealed for a column: nonce, ciphertext, tag."""
        nonce = urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, data, self._bound(column))

    def open(self, column: str, sealed: bytes) -> bytes:
        """Return what was sealed for this person and column.

        Raises:
            StoreError: it was not, or somebody changed it.
        """
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], self._bound(column))
        except (InvalidTag, ValueError):
            raise StoreError(
                f"person {self._person}: {column} cannot be opened; the row was changed outside of "
                "Lowtide or is damaged: put a backup in its place"
            ) from None

    def _bound(self, column: str) -> bytes:
        return f"{self._person}\0{column}".encode()


class _Operator:
    """One of the operator's keys, and the name by which what it wrapped knows it again."""

    def __init__(self, key: bytes) -> None:
        self.name = derive(key, "name of a key", NAME)
        self.cipher = AESGCM(derive(key, "wrapping"))


class Vault:
    """Hold the operator's keys, newest first, and unwrap with them. `again` reads the keys once more.

    A vault is shut until `found` or `unlock` gave it the root; only `lookup` needs that.
    """

    def __init__(self, keys: Sequence[bytes], again: Callable[[], Sequence[bytes]] | None = None) -> None:
        self._again = again
        self._take(keys)
        self._lookup = hmac.new(b"", digestmod="sha256")
        self._place = lru_cache(REMEMBERED)(self._place_of)
        self._seals: dict[str, Seal] = {}
        self._lock = Lock()  # the thread that writes and the loop that reads share it

    # --- the root

    def found(self) -> bytes:
        """Make the root of a new database and return it wrapped, to be kept there."""
        root = urandom(KEY)
        self._root(root)
        return self._wrap(_ROOT, root)

    def unlock(self, wrapped: bytes) -> None:
        """Open with the wrapped root of a database.

        Raises:
            StoreError: none of the keys fits.
        """
        self._root(self._unwrap(_ROOT, wrapped))

    def _root(self, root: bytes) -> None:
        self._lookup = hmac.new(derive(root, "lookup"), digestmod="sha256")
        self._place.cache_clear()

    def rewrap_root(self, wrapped: bytes) -> bytes:
        """Wrap the root under the newest key of the operator."""
        return self._wrap(_ROOT, self._unwrap(_ROOT, wrapped))

    def lookup(self, kind: str, *words: str) -> bytes:
        """Return the keyed hash by which something is found without being kept."""
        keyed = self._lookup.copy()  # the key's half is reckoned once
        keyed.update("\0".join((kind, *words)).encode())
        return keyed.digest()[:HASH]

    def place(self, address: Address) -> bytes:
        """Return the keyed hash of an address."""
        return self._place(address)

    def _place_of(self, address: Address) -> bytes:
        return self.lookup("address", address.platform, address.chat)

    def farewell(self, update: str) -> bytes:
        """Return the keyed hash of the update that forgot its person: it outlives them, for some days."""
        return self.lookup("update", update)

    # --- the keys of persons

    def new_key(self, person: str) -> tuple[bytes, Seal]:
        """Make a person's key; return it wrapped, to be kept beside them, and their seal.

        It is to be remembered once it is kept: where somebody else was first, theirs is the key.
        """
        key = urandom(KEY)
        return self._wrap(f"key\0{person}", key), Seal(key, person)

    def known(self, person: str) -> Seal | None:
        """Return the seal of a person whose key is at hand."""
        return self._seals.get(person)

    def seal_of(self, person: str, wrapped: bytes) -> Seal:
        """Return the seal of a person, by their wrapped key.

        Raises:
            StoreError: none of the operator's keys fits.
        """
        with self._lock:
            seal = self._seals.pop(person, None)
            if seal:
                self._seals[person] = seal  # it is the last one seen
        return seal or self.remember(person, Seal(self._unwrap(f"key\0{person}", wrapped), person))

    def remember(self, person: str, seal: Seal) -> Seal:
        """Keep a person's key at hand."""
        with self._lock:
            self._seals[person] = seal
            if len(self._seals) > REMEMBERED:
                self._seals.pop(next(iter(self._seals)))
        return seal

    def forget(self, person: str) -> None:
        """Let go of a person's key."""
        with self._lock:
            self._seals.pop(person, None)

    def rewrap(self, person: str, wrapped: bytes) -> bytes | None:
        """Wrap a person's key under the newest key of the operator; None where it is already."""
        if wrapped[:NAME] == self._operators[0].name:
            return None
        return self._wrap(f"key\0{person}", self._unwrap(f"key\0{person}", wrapped))

    # --- what belongs to nobody

    def seal(self, column: str, data: bytes) -> bytes:
        """Seal what belongs to no person we know, such as a farewell."""
        return self._wrap(f"column\0{column}", data)

    def open(self, column: str, sealed: bytes) -> bytes:
        """Open what `seal` sealed."""
        return self._unwrap(f"column\0{column}", sealed)

    # --- the operator's keys

    def _take(self, keys: Sequence[bytes]) -> None:
        self._operators = [_Operator(key) for key in keys]

    def _wrap(self, bound: str, data: bytes) -> bytes:
        newest, nonce = self._operators[0], urandom(NONCE)
        return newest.name + nonce + newest.cipher.encrypt(nonce, data, bound.encode())

    def _unwrap(self, bound: str, wrapped: bytes) -> bytes:
        name, nonce, sealed = wrapped[:NAME], wrapped[NAME : NAME + NONCE], wrapped[NAME + NONCE :]
        for operator in self._named(name):
            try:
                return operator.cipher.decrypt(nonce, sealed, bound.encode())
            except (InvalidTag, ValueError):
                continue
        raise StoreError(
            "the key does not fit what is kept; put back the key this database was made with (the file "
            "beside it, or LOWTIDE_KEY); nothing was changed"
        )

    def _named(self, name: bytes) -> list[_Operator]:
        """Return the keys of this name; where there is none, look whether a new one came meanwhile."""
        found = [operator for operator in self._operators if operator.name == name]
        if not found and self._again:
            self._take(self._again())
            found = [operator for operator in self._operators if operator.name == name]
        return found
