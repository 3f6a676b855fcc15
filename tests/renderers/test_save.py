"""Reports to files: formats found by name and suffix, whole files or none."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from perfrules import renderers
from perfrules.errors import UsageError
from perfrules.report import Report


def test_formats_by_name_and_suffix() -> None:
    assert renderers.formats()["json"] == "json_v1"
    assert renderers.format_of(Path("a/b.JSON")) == "json"
    assert renderers.format_of(Path("b.txt")) == "terminal"


@pytest.mark.parametrize("name", ["b.xyz", "b", ".json"])
def test_unknown_suffix(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        renderers.format_of(Path(name))
    (fault,) = caught.value.diagnostics
    assert fault.code == "PR501"
    assert ".json" in str(fault.hint)


def test_unknown_format(broken: Report, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no format pdf"):
        broken.save(tmp_path / "a.json", format="pdf")


def test_the_format_goes_over_the_suffix(broken: Report, tmp_path: Path) -> None:
    path = broken.save(tmp_path / "a.txt", format="json")
    assert path.read_text(encoding="utf-8").startswith('{\n  "version": 1')


def test_the_language(broken: Report, tmp_path: Path) -> None:
    assert "退出码 1" in broken.save(tmp_path / "a.txt").read_text(encoding="utf-8")
    english = broken.save(str(tmp_path / "b.txt"), language="en")
    assert "Exit code 1" in english.read_text(encoding="utf-8")


def test_an_old_file_stays_where_writing_fails(
    broken: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")

    def fail(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="no space"):
        broken.save(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_it_is_replaced_whole(broken: Report, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("x" * 1_000_000)
    broken.save(path)
    assert path.read_text(encoding="utf-8").endswith("}\n")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")
def test_links_and_modes_are_kept(broken: Report, tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    link.symlink_to(target)
    broken.save(link)
    assert link.is_symlink()
    plain = tmp_path / "plain"
    plain.touch()
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


@pytest.mark.skipif(os.name == "nt", reason="devices of POSIX")
def test_a_device_is_written_to_and_not_replaced(broken: Report) -> None:
    broken.save(Path(os.devnull), format="json")
    assert Path(os.devnull).is_char_device()


def test_a_report_without_a_saver(broken: Report, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be saved"):
        replace(broken, saver=None).save(tmp_path / "a.json")
