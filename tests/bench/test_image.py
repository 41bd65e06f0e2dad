"""The rehearsal of the image reads a Dockerfile and an ignore file as an engine does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import fence
from tests.bench.dockerfile import Copy, Run, read
from tests.bench.image import ROOT, copy, ignored, sent, weigh
from tests.deploy.test_linters import has_systemd

TWO = """
# a note
FROM debian:bookworm-slim AS build
ENV ONE=1
# hadolint ignore=DL3008
RUN first \\
    && second
WORKDIR /source
COPY a b ./
FROM scratch
COPY --from=build /image /
ENV TWO=2 THREE="3 3"
USER 7:7
VOLUME ["/v"]
HEALTHCHECK --interval=30s \\
    CMD ["look", "there"]
ENTRYPOINT ["go"]
CMD ["run"]
"""


def test_each_stage_has_its_orders_with_what_was_set_before_them() -> None:
    build, last = read(TWO)

    assert (build.base, build.name, last.base, last.name) == ("debian:bookworm-slim", "build", "scratch", "1")
    assert build.orders == [
        Run("first && second", "/", {"ONE": "1"}),
        Copy(("a", "b"), "/source/", None),
    ]
    assert last.orders == [Copy(("/image",), "/", "build")]


def test_the_last_stage_says_how_its_image_is_started() -> None:
    last = read(TWO)[-1]

    assert (last.user, last.volumes, last.environment) == ("7:7", ("/v",), {"TWO": "2", "THREE": "3 3"})
    assert last.command == {"HEALTHCHECK": ["look", "there"], "ENTRYPOINT": ["go"], "CMD": ["run"]}


def test_an_instruction_that_is_not_rehearsed_is_refused() -> None:
    with pytest.raises(ValueError, match="ADD is not rehearsed"):
        read("FROM scratch\nADD a b\n")


def test_the_builder_is_sent_what_the_image_needs_and_no_more() -> None:
    assert not any(map(ignored, ("bot/cli.py", "flows/notice.yaml", "requirements.lock", "deploy/slim.py")))
    assert all(map(ignored, ("lowtide.env", "data/lowtide.db", ".git/config", "tests/running.py")))
    assert all(map(ignored, ("bot/__pycache__/cli.cpython-311.pyc", "bot/dialogue/__pycache__/a.pyc")))


def test_every_file_that_the_dockerfile_copies_is_there_and_is_sent() -> None:
    build = read((ROOT / "deploy" / "Dockerfile").read_text())[0]
    sources = [source for order in build.orders if isinstance(order, Copy) for source in order.sources]

    assert sources
    assert [source for source in sources if not list(sent(ROOT / source))] == []


def test_files_are_copied_under_their_names_and_folders_by_what_is_in_them(tmp_path: Path) -> None:
    for order in (
        Copy(("README.md", "LICENSE"), "/source/", None),
        Copy(("bot/safety",), "/source/bot/safety", None),
        Copy(("/source",), "/", "one"),
    ):
        copy(order, tmp_path / ("two" if order.stage else "one"), tmp_path)

    assert {path.name for path in (tmp_path / "one/source").iterdir()} == {"README.md", "LICENSE", "bot"}
    assert (tmp_path / "two/bot/safety/screen.py").is_file()
    assert weigh(tmp_path / "two") == weigh(tmp_path / "one") > 0


@has_systemd
def test_the_fence_leaves_what_a_service_needs_and_nothing_of_root() -> None:
    left = fence.allowed()

    assert left >= {"read", "execve", "flock", "epoll_wait", "clone", "connect"}
    assert not left & {"mount", "setuid", "chroot", "ptrace", "reboot", "sched_setaffinity", "bpf"}
