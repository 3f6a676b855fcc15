"""Each renderer writes what its golden file holds; ``pytest --update-golden`` writes these anew."""

import json
import re
from io import BytesIO

import polars as pl
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


TEXTS = {
    "sarif": "sarif",
    "junit": "xml",
    "github": "txt",
    "markdown": "md",
    "csv": "csv",
    "ess": "json",
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", TEXTS)
def test_texts(broken: Report, golden: Golden, name: str, language: str) -> None:
    content = renderers.renderer(name).render(broken, language)
    text = content if isinstance(content, str) else content.decode()
    golden(f"{name}/report.{language}.{TEXTS[name]}", text.replace("\r\n", "\n"))


@pytest.mark.parametrize("name", [*TEXTS, "json", "terminal"])
def test_settled(settled: Report, golden: Golden, name: str) -> None:
    content = renderers.renderer(name).render(settled, "zh" if name == "terminal" else "en")
    text = content if isinstance(content, str) else content.decode()
    folder, suffix = {"json": ("json_v1", "json"), "terminal": ("terminal", "txt")}.get(
        name, (name, TEXTS.get(name, ""))
    )
    golden(f"{folder}/settled.{suffix}", text.replace("\r\n", "\n"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_html(broken: Report, golden: Golden, language: str) -> None:
    """The page without its style and script, which are files of their own."""
    text = renderers.renderer("html").render(broken, language)
    assert isinstance(text, str)
    text = re.sub(r"(<style>|<script>).*?(</style>|</script>)", r"\1…\2", text, flags=re.DOTALL)
    golden(f"html/report.{language}.html", re.sub("sha256-[A-Za-z0-9+/=]*", "sha256-…", text))


def test_parquet(broken: Report, golden: Golden) -> None:
    content = renderers.renderer("parquet").render(broken, "zh")
    assert isinstance(content, bytes)
    frame = pl.read_parquet(content)
    metadata = pl.read_parquet_metadata(BytesIO(content))
    said = {name: text for name, text in metadata.items() if name.startswith("perfrules.")}
    shown = {
        "metadata": said,
        "schema": {n: str(t) for n, t in frame.schema.items()},
        "rows": frame.to_dicts(),
    }
    golden(
        "parquet/report.json", json.dumps(shown, ensure_ascii=False, indent=2, default=str) + "\n"
    )


@pytest.mark.parametrize("module", MODULES)
def test_every_renderer_has_a_golden_file(module: str) -> None:
    assert list((GOLDEN / module).iterdir())
    assert isinstance(renderers.renderer(module).SUFFIXES, tuple)
