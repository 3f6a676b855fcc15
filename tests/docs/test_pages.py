"""Every page of the documentation: what it shows runs, its links lead somewhere, its words are ours."""

import os
import re
import unicodedata
from pathlib import Path

import pytest

from tests.docs.console import ROOT, fits, renewed
from tests.docs.pages import PAGES, check

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = frozenset(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
page = pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def prose(path: Path) -> str:
    return FENCED.sub("", path.read_text("utf-8"))


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.+)$", prose(path), re.MULTILINE)
    kept = (
        "".join(c for c in h.lower() if c in " -_" or unicodedata.category(c)[0] in "LN")
        for h in headings
    )
    return {heading.strip().replace(" ", "-") for heading in kept}


@page
def test_what_a_page_shows_runs(page: Path) -> None:
    check(page)


@page
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(prose(page)):
        if link.startswith(("https://", "http://")):
            continue
        name, _, anchor = link.partition("#")
        target = Path(os.path.normpath(page.parent / name)) if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@page
def test_prose_is_plain(page: Path) -> None:
    assert re.findall(r"\b(?:simply|just|obviously|easily)\b", prose(page), re.IGNORECASE) == []


@page
def test_paths_exist(page: Path) -> None:
    named = re.findall(r"`((?:perfrules|tests|rules|docs|examples)/[\w./-]+)`", prose(page))
    assert [path for path in named if not (ROOT / path).exists()] == []


@page
def test_make_targets_exist(page: Path) -> None:
    named = set(re.findall(r"`make ([a-z]+)", page.read_text("utf-8")))
    named |= set(re.findall(r"^(?:\$ )?make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
    assert named <= TARGETS


def test_the_demo_is_what_the_readme_shows() -> None:
    command = "perfrules check examples/lusong-2023"
    assert f"$(BIN)/{command} ||" in MAKEFILE
    assert f"\n$ {command}\n" in (ROOT / "README.md").read_text("utf-8")


def test_every_page_can_be_reached() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        here = waiting.pop()
        if here in reached or here.suffix != ".md":
            continue
        reached.add(here)
        links = (link.partition("#")[0] for link in LINK.findall(prose(here)))
        waiting += [
            Path(os.path.normpath(here.parent / link))
            for link in links
            if link and "://" not in link
        ]
    assert set(PAGES) <= reached


def test_generated_parts_are_current() -> None:
    cog = pytest.importorskip("cogapp", reason="`make docs` checks the generated parts").Cog()
    assert cog.main(["cog", "--check", "-P", *map(str, PAGES)]) == 0


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        (["a"], ["a"], True),
        (["a"], ["b"], False),
        (["a", "…", "d"], ["a", "b", "c", "d"], True),
        (["a", "…", "d"], ["a", "d"], False),
        (["a"], ["a", "b"], False),
        (["a", ""], ["a"], True),
    ],
)
def test_a_gap_stands_for_lines(shown: list[str], printed: list[str], expected: bool) -> None:
    assert fits(shown, printed) is expected


def test_a_rewrite_keeps_gaps() -> None:
    assert renewed(["a", "…", "c", "…", "e"], ["A", "b", "c", "d", "E"]) == [
        "A",
        "…",
        "c",
        "…",
        "E",
    ]
