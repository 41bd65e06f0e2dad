"""`lowtide fmt`: one layout, in which what is read and what is remarked stay the same."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.authoring.layout.laying import laid_out, same
from bot.cli import main
from bot.orders.asking import FAULTS, GOOD
from tests.content.copybook import ROOT

FLOWS = sorted(path for path in (ROOT / "flows").glob("*.yaml") if path.stat().st_size < 8_000)
TEXTS = {path.name: path.read_text() for path in FLOWS if "schema: flow/" in path.read_text()}


def made(text: str, kind: str = "flow") -> str:
    found = laid_out(dedent(text).lstrip("\n"), kind)
    assert found is not None
    return found


def test_ours_are_in_the_one_layout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--check"]) == GOOD, capsys.readouterr().out


def test_a_flow_is_laid_out() -> None:
    text = """
        # What it is.
        flow:   talk
        schema: flow/1
        outcomes: [ done,lapsed ]
        version: 1
        # where it begins
        entry: open
        states:

            open:
                say: [ "talk/open" , talk/yes ]   # two
                # the answers
                options:
                - {id: yes, label: "on", to:   done }
                -   id: no
                    label: 'off'
                    to: more # further
            # then


            more: { say: talk/more,
                    end: done }
        """

    assert made(text) == dedent(
        """\
        # What it is.
        schema: flow/1
        flow: talk
        version: 1
        # where it begins
        entry: open
        outcomes: [done, lapsed]

        states:
          open:
            say: ["talk/open", talk/yes]   # two
            # the answers
            options:
              - {id: yes, label: "on", to: done}
              - id: no
                label: 'off'
                to: more  # further
          # then

          more: {say: talk/more,
                  end: done}
        """
    )


def test_tests_stand_apart_and_texts_in_blocks_move_along() -> None:
    text = """
        tests:
        - name: one
          steps:
          - {user: "hi"}
        # about two
        - name: >
            two
              and more
          steps: [{press: yes}]
        """

    assert made(text, "test") == dedent(
        """\
        tests:
          - name: one
            steps:
              - {user: "hi"}

          # about two
          - name: >
              two
                and more
            steps: [{press: yes}]
        """
    )


def loosened(text: str, where: list[int]) -> str:
    """Return a flow with more blanks where YAML does not mind them."""
    lines = text.split("\n")
    for place in where:
        line = lines[place % len(lines)]
        if "#" in line or '"' in line or not line.strip():
            continue
        line = re.sub(r"([{\[]) ?", r"\1  ", re.sub(r"([}\]])", r"  \1", line))
        lines[place % len(lines)] = re.sub(r"(: |, )", r"\1  ", line) + "  "
    return "\n".join(lines)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(TEXTS)), st.lists(st.integers(0, 400), max_size=30), st.booleans())
def test_whatever_blanks_an_author_leaves_the_layout_is_the_same(
    name: str, where: list[int], crlf: bool
) -> None:
    text = loosened(TEXTS[name], where)

    found = laid_out(text.replace("\n", "\r\n") if crlf else text, "flow")

    assert found == TEXTS[name]


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(TEXTS)), st.integers(2, 6))
def test_however_deep_it_is_indented_it_is_read_as_the_same_and_laid_out_once(name: str, step: int) -> None:
    deep = re.sub(r"(?m)^( +)", lambda found: " " * (len(found[1]) // 2 * step), TEXTS[name])
    deep = re.sub(r"(?m)^( +)- ", lambda found: f"{found[1]}-{' ' * (step - 1)}", deep)

    found = laid_out(deep, "flow")

    assert found is not None
    assert same(deep, found)
    assert laid_out(found, "flow") == found
    assert [line.lstrip() for line in found.split("\n")] == [
        line.lstrip() for line in TEXTS[name].split("\n")
    ]


def test_what_cannot_be_read_is_left_alone_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, right = tmp_path / "wrong.yaml", tmp_path / "right.yaml"
    wrong.write_text("a: [1\nb:  2\n")
    right.write_text("a:  1\n")

    assert main(["fmt", "--check", str(right)]) == FAULTS
    assert right.read_text() == "a:  1\n"
    assert main(["fmt", str(tmp_path)]) == FAULTS
    assert (right.read_text(), wrong.read_text()) == ("a: 1\n", "a: [1\nb:  2\n")
    assert "wrong.yaml: left as it is; it cannot be read" in capsys.readouterr().out
    assert main(["fmt", str(tmp_path / "nowhere")]) == 2


def test_a_remark_may_not_be_lost_and_a_value_may_not_change() -> None:
    assert same("a: 1  # why\n", "a: 1\n# why\n")
    assert not same("a: 1  # why\n", "a: 1\n")
    assert not same("a: '1'\n", "a: 1\n")
    assert not same("a: {b: 1, c: 2}\n", "a: {c: 2, b: 1}\n")
    assert same("a: 1\nb: 2\n", "b: 2\na: 1\n")
