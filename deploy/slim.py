"""What a run of Lowtide does not need goes out of the image's root: python3 slim.py ROOT requirements.lock.

It runs once, while the image is built, with Python's own library alone. Everything it removes is named here
with its reason; `make image` then talks to what is left.
"""

from __future__ import annotations

import compileall
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from py_compile import PycInvalidationMode

UNUSED = {
    "usr/lib/*/gconv": "iconv's tables: Python has its own",
    "usr/share/[!d]*": "manuals, menus, translations of the system's messages",
    "usr/share/doc/*/[!c]*": "as above; a package's `copyright` stays",
    "usr/share/doc/*/changelog*": "as above",
    "usr/lib/python3.11/pydoc_data": "the text of help()",
    "usr/lib/python3.11/idlelib": "an editor",
    "usr/lib/python3.11/lib2to3": "a translator of Python 2",
    "usr/lib/python3.11/turtle*": "drawings",
    "usr/lib/python3.11/pdb.py": "a debugger; nobody sits in the image",
    "usr/lib/python3.11/pydoc.py": "as above: its reader of help",
    "usr/lib/python3.11/pickletools.py": "as above: its reader of pickles",
    "usr/lib/python3.11/doctest.py": "a frame for tests",
    "usr/lib/python3.11/unittest": "as above",
    "usr/lib/python3.11/distutils": "ways to install, and nothing is installed any more",
    "usr/lib/python3.11/ensurepip": "as above",
    "usr/lib/python3.11/venv": "as above",
    "usr/lib/python3.11/_pydecimal.py": "what is there in C as well",
    "usr/lib/python3.11/_pyio.py": "as above",
    "usr/lib/python3.11/xmlrpc": "a protocol that nothing here speaks",
    "usr/lib/python3.11/nntplib.py": "as above",
    "usr/lib/python3.11/ftplib.py": "as above",
    "usr/lib/python3.11/imaplib.py": "as above",
    "usr/lib/python3.11/mailbox.py": "mail that is kept",
    "usr/lib/python3.11/curses": "screens: the terminal's chat draws without",
    "usr/lib/python3.11/lib-dynload/_curses*": "as above",
    "usr/lib/python3.11/test": "Python's own tests",
    "usr/lib/python3.11/lib-dynload/_test*": "as above",
    "usr/lib/python3.11/lib-dynload/_xx*": "as above",
    "usr/lib/python3.11/lib-dynload/_codecs_[chjkt]*": "East Asian texts in anything but Unicode",
    "lib/*/libmvec*": "mathematics that a compiler would ask for, and none did",
    "opt/lowtide/bin/[!lp]*": "scripts to activate the environment by hand, in shells that are not here",
    "opt/lowtide/bin/pip*": "nothing is installed any more",
    "**/site-packages/pip*": "as above",
    "**/site-packages/setuptools*": "as above",
    "**/site-packages/pkg_resources": "as above",
    "**/site-packages/_distutils_hack": "as above",
    "**/site-packages/distutils-precedence.pth": "as above",
    "**/site-packages/**/tests": "the packages' own tests",
    "**/site-packages/**/*.py[ixd]": "types and sources of what is compiled",
    "**/site-packages/**/*.px[di]": "as above",
    "**/site-packages/**/*.[cha]": "as above",
    "**/site-packages/**/*.hpp": "as above",
    "**/site-packages/**/*.lib": "as above",
    "**/site-packages/**/*.dll": "Windows' libraries",
    "**/site-packages/**/sboms": "lists of what the packages' authors built with",
    "**/site-packages/numpy/f2py": "a compiler of Fortran",
    "**/site-packages/numpy/distutils": "a way to build",
    "**/site-packages/numpy/_core/_simd*.so": "for numpy's own tests",
    "**/site-packages/numpy/random": "chance, which the bot takes from the system",
    "**/site-packages/numpy/testing": "helpers for tests",
    "**/site-packages/numpy/typing": "types",
    "**/site-packages/numpy/polynomial": "fitting of curves",
    "**/site-packages/numpy/fft": "waves",
    "**/site-packages/telegram/ext": "a frame for bots: this one has its own",
    "**/site-packages/discord/ext": "as above",
    "**/site-packages/PIL/_avif*.so": "pictures are PNG only",
    "**/site-packages/PIL/_webp*.so": "as above",
    "**/site-packages/PIL/_imagingcms*.so": "colours of printers",
    "**/site-packages/pillow.libs/libavif*": "for the three above",
    "**/site-packages/pillow.libs/libwebp*": "as above",
    "**/site-packages/pillow.libs/libsharpyuv*": "as above",
    "**/site-packages/pillow.libs/liblcms2*": "as above",
    "**/site-packages/rapidfuzz/fuzz_cpp*.so": "of rapidfuzz only the distances are used",
    "**/site-packages/rapidfuzz/process_cpp*.so": "as above",
    "**/site-packages/rapidfuzz/distance/*_avx2*.so": "the same once more, for some processors",
}
"""What goes, as patterns under the root, and why."""


def slim(root: Path, lock: Path) -> None:
    """Take out of a root what a run does not need, and leave modules compiled and nothing else of them."""
    for path in unused(root):
        remove(path)
    for name in builders(lock.read_text()):
        uninstall(root, name)
    strip(root)
    compile_all(root)


def unused(root: Path) -> Iterator[Path]:
    """List what the patterns name."""
    for pattern in UNUSED:
        yield from sorted(root.glob(pattern))


def remove(path: Path) -> None:
    """Remove a file, a link or a folder; what went with its folder is gone already."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def builders(lock: str) -> set[str]:
    """Name the packages that a lock holds for the build alone: hatchling, and what only it asks for."""
    asked = {name: set(reasons.split(", ")) for name, reasons in _PIN.findall(lock)}
    found = {name for name, reasons in asked.items() if reasons == {"lowtide (pyproject.toml:setup)"}}
    while more := {name for name, reasons in asked.items() if reasons <= found} - found:
        found |= more
    return found


_PIN = re.compile(r"^([a-z0-9-]+)==.*\n(?:    --hash=.*\n)*    # via (.*)$", re.M)


def uninstall(root: Path, name: str) -> None:
    """Remove the files of a package, as its RECORD lists them.

    Raises:
        LookupError: it is not there, so that something else is wrong.
    """
    pattern = f"**/site-packages/{name.replace('-', '_')}-*.dist-info"
    home = next(root.glob(pattern), None)
    if home is None:
        raise LookupError(f"{name} is in the lock and not installed under {root}")
    for line in (home / "RECORD").read_text().splitlines():
        first = Path(line.split(",")[0]).parts[0]
        if first != "..":  # of what lies in bin/ a pattern says what goes
            remove(home.parent / first)


def strip(root: Path) -> None:
    """Take the names for debuggers out of compiled libraries, a seventh of all bytes.

    What lies in a folder `….libs` was rewritten when its wheel was made, and would not load any more.
    """
    found = root.glob("opt/**/*.so*")
    libraries = [path for path in found if not path.is_symlink() and path.parent.suffix != ".libs"]
    subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)  # noqa: S603, S607  ours alone


def compile_all(root: Path) -> None:
    """Put compiled modules in the place of their sources, so that a read-only root starts fast.

    A traceback still tells file and line.
    """
    homes = [root / "usr" / "lib" / "python3.11", *root.glob("opt/**/site-packages")]
    for home in homes:
        compileall.compile_dir(
            home,
            stripdir=str(root),
            prependdir="/",
            legacy=True,
            quiet=1,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
        for source in home.rglob("*.py"):
            if source.with_suffix(".pyc").exists():
                source.unlink()
        for cache in home.rglob("__pycache__"):
            shutil.rmtree(cache)


if __name__ == "__main__":
    slim(Path(sys.argv[1]), Path(sys.argv[2]))
