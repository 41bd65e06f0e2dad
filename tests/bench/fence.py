"""The system calls that deploy/lowtide.service leaves, as a filter that bubblewrap takes.

systemd itself cannot run where no machine can be booted; but it tells what its unit forbids, and the kernel
keeps to the same filter whoever loads it. Made with libseccomp, as systemd makes its own.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache

from tests.deploy.manifests import unit

_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_FORBIDDEN, _UNKNOWN = _REFUSE | errno.EPERM, _REFUSE | errno.ENOSYS
_EQUAL, _MASKED = 4, 7
_EXECUTE, _WRITE_AND_EXECUTE = 4, 6
_MADE = {"mmap", "mprotect", "pkey_mprotect", "shmat", "socket", "clone3"}
"""Calls whose arguments decide, and one whose arguments no filter can see: systemd calls that one unknown."""


class _Compare(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("how", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def allowed() -> set[str]:
    """Name the system calls that the unit's filters leave."""
    left: set[str] = set()
    for name, value in unit():
        if name == "SystemCallFilter":
            named = {call for word in value.lstrip("~").split() for call in _calls(word)}
            left = left - named if value.startswith("~") else left | named
    return left


@cache
def _calls(word: str) -> frozenset[str]:
    """Name the calls of a group, and of the groups in it, as systemd tells them."""
    if not word.startswith("@"):
        return frozenset([word])
    told = subprocess.run(
        ["systemd-analyze", "syscall-filter", word], capture_output=True, text=True, check=True
    ).stdout
    inner = [line.strip() for line in told.splitlines()[1:]]
    return frozenset(call for one in inner if one and not one.startswith("#") for call in _calls(one))


def program() -> int:
    """Compile the filter; return a file that holds it, to be given to `bwrap --seccomp`."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(_FORBIDDEN))
    for name in sorted(allowed() - _MADE):
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # others are of other processors
            _add(library, context, _ALLOW, number)
    _add(library, context, _UNKNOWN, library.seccomp_syscall_resolve_name(b"clone3"))
    for name, compare in _by_argument():
        _add(library, context, _ALLOW, library.seccomp_syscall_resolve_name(name.encode()), compare)
    file = tempfile.TemporaryFile()  # noqa: SIM115  whoever is given it reads it, and it goes with this process
    assert library.seccomp_export_bpf(context, file.fileno()) == 0
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    return os.dup(file.fileno())


def _by_argument() -> Iterator[tuple[str, _Compare]]:
    """List the calls that are allowed with some arguments alone."""
    families = [value.split() for name, value in unit() if name == "RestrictAddressFamilies"]
    for family in families[0]:
        yield "socket", _Compare(0, _EQUAL, int(getattr(socket, family)), 0)
    for bits in range(_WRITE_AND_EXECUTE + 1):
        if bits & _WRITE_AND_EXECUTE != _WRITE_AND_EXECUTE:  # MemoryDenyWriteExecute=
            yield "mmap", _Compare(2, _MASKED, 7, bits)
        if not bits & _EXECUTE:
            yield "mprotect", _Compare(2, _MASKED, 7, bits)


def _add(
    library: ctypes.CDLL, context: ctypes.c_void_p, action: int, number: int, *compared: _Compare
) -> None:
    rules = (_Compare * len(compared))(*compared)
    done = library.seccomp_rule_add_array(context, ctypes.c_uint32(action), number, len(compared), rules)
    assert done == 0, f"call {number} was not taken: {done}"
