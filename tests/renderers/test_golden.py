"""Each renderer writes what its golden file holds; ``pytest --update-golden`` writes these anew."""

import pytest

from perfrules import renderers
from perfrules.renderers import terminal
from perfrules.report import Report
from tests.conftest import GOLDEN, Golden

VIEWS = {
    "normal": terminal.View(),
    "narrow": terminal.View(width=60),
    "short": terminal.View(per_rule=1, cells=1),
    "verbose": terminal.View(verbose=True),
    "quiet": terminal.View(quiet=True),
    "color": terminal.View(color=True),
}
MODULES = sorted(set(renderers.formats().values()))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_terminal(broken: Report, golden: Golden, view: str, language: str) -> None:
    text = terminal.render(broken, language, VIEWS[view])
    golden(f"terminal/{view}.{language}.txt", text)


def test_json(broken: Report, golden: Golden) -> None:
    text = renderers.renderer("json").render(broken, "zh")
    assert isinstance(text, str)
    golden("json_v1/report.json", text)


@pytest.mark.parametrize("module", MODULES)
def test_every_renderer_has_a_golden_file_and_suffixes(module: str) -> None:
    assert list((GOLDEN / module).iterdir())
    assert renderers.renderer(module).SUFFIXES
