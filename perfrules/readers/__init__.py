"""Readers: data files and frames made into a :class:`perfrules.dataset.Dataset`.

A reader is a module of this folder with ``read(path, asked)``, found by the suffix of the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

import polars as pl

from perfrules import tables
from perfrules.dataset import Dataset, Origins, Table
from perfrules.dataset.bulk import Bulk, Scan, can_be_read_in_blocks
from perfrules.dataset.headings import find
from perfrules.dataset.normalise import Source, normalise
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import Worded, message
from perfrules.manifest import DatasetFile, FactsMap, TableSource
from perfrules.notices import Notice
from perfrules.readers.frames import read as read_frame
from perfrules.readers.hashes import hashes_of
from perfrules.readers.parquet import is_parquet
from perfrules.values import frozen, mutable

_READERS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".xlsx": "excel", ".xlsm": "excel", ".xls": "excel", ".ods": "excel",
    ".parquet": "parquet",
}  # fmt: skip


class Reader(Protocol):
    """What a module of this folder offers."""

    def read(self, path: Path, asked: TableSource) -> tuple[pl.DataFrame, Source]:
        """Read one table; raise :class:`DataError` if there is none to read."""
        ...


@runtime_checkable
class Sectioned(Reader, Protocol):
    """A reader of files that hold several tables."""

    def sections(self, path: Path) -> tuple[str, ...]:
        """Names of the tables in a file; raise :class:`DataError` if it cannot be read."""
        ...


def read_frames(
    frames: Mapping[str, object],
    specs: Mapping[str, tables.Table],
    unit_of_measure: str | None = None,
) -> Dataset:
    """Make a dataset of frames in memory.

    Args:
        frames: Frames by table id, title or alias.
        specs: The tables of the pack.
        unit_of_measure: Unit of the money in the frames.

    Raises:
        DataError: Something is no frame.
    """
    desk = _Desk(specs)
    for name, frame in frames.items():
        table = desk.claim(name, name)
        if table is not None:
            source = Source(Origins(name), unit_of_measure=unit_of_measure)
            desk.take(table, read_frame(frame, name), source)
    return desk.dataset("")


def read_folder(
    folder: Path,
    manifest: DatasetFile,
    specs: Mapping[str, tables.Table],
    facts_map: FactsMap | None,
) -> Dataset:
    """Make a dataset of the files of a folder.

    Args:
        folder: The folder.
        manifest: What its ``dataset.yaml`` says; an empty one if there is no such file.
        specs: The tables of the pack.
        facts_map: What the mapping file of its facts says, if it has facts.

    Raises:
        DataError: There is no such folder.
    """
    if not folder.is_dir():
        text = message("{folder} is no folder; name the folder of the dataset", folder=str(folder))
        raise DataError([Diagnostic("PR431", text)])
    desk = _Desk(specs)
    for name, asked in manifest.tables.items():
        table = desk.claim(name, asked.file, listed=True)
        if table is not None:
            desk.read(folder, table, asked, manifest.unit_of_measure)
    if manifest.facts is not None and facts_map is not None:
        desk.read_facts(folder, manifest, facts_map)
    for path in _unlisted(folder, manifest):
        for name, asked in _offered(path, desk):
            table = desk.claim(name, path.name)
            if table is not None:
                desk.read(folder, table, asked, manifest.unit_of_measure)
    return desk.dataset(manifest.title or folder.resolve().name)


@frozen
class ParquetOnly:
    """A folder of data that is Parquet altogether.

    Attributes:
        files: Files, and folders of files, by what tables are found under.
        manifest: What is said of them under these names.
    """

    files: Mapping[str, Path]
    manifest: DatasetFile


def only_parquet(folder: Path, manifest: DatasetFile) -> ParquetOnly | None:
    """What is in a folder, if it is Parquet altogether: files, or folders of them as Spark writes; else None."""
    listed = manifest.tables.values()
    quoted = any(asked.quotes for asked in listed)
    if manifest.database is not None or manifest.facts is not None or quoted:
        return None
    found = {asked.file: folder / asked.file for asked in listed}
    found |= {path.stem: path for path in _unlisted(folder, manifest)}
    if not all(is_parquet(path) for path in found.values()):
        return None
    named = {asked.file for asked in listed}
    found |= {
        path.name.removesuffix(".parquet"): path
        for path in sorted(folder.iterdir())
        if path.is_dir() and path.name not in named and is_parquet(path)
    }
    tables = {
        name: asked.model_copy(update={"file": "", "table": asked.file})
        for name, asked in manifest.tables.items()
    }
    return ParquetOnly(found, manifest.model_copy(update={"tables": tables})) if found else None


def is_read(path: Path) -> bool:
    """Whether there is a reader for a file."""
    return path.suffix.lower() in _READERS and path.is_file()


def _unlisted(folder: Path, manifest: DatasetFile) -> Iterator[Path]:
    """Files that a reader could read and that the manifest does not name."""
    named = {asked.file for asked in manifest.tables.values()}
    named |= {asked.quotes for asked in manifest.tables.values() if asked.quotes}
    if manifest.facts is not None:
        named |= {manifest.facts.file, manifest.facts.map}
    if manifest.due is not None:
        named.add(manifest.due.file)
    for path in sorted(folder.iterdir()):
        if is_read(path) and path.name not in named and not path.name.startswith((".", "~$")):
            yield path


def _offered(path: Path, desk: "_Desk") -> list[tuple[str, TableSource]]:
    """What a file may hold: the table it is named after, or those that its sheets are named after."""
    whole = [(path.stem, TableSource(file=path.name))]
    module = _reader(path)
    if desk.means(path.stem) or not isinstance(module, Sectioned):
        return whole
    try:
        names = [name for name in module.sections(path) if desk.means(name)]
    except DataError as fault:
        desk.refuse("", fault)
        return []
    return [(name, TableSource(file=path.name, sheet=name)) for name in names] or whole


@runtime_checkable
class Blockwise(Reader, Protocol):
    """A reader of files that may be too long for the memory."""

    def scan(self, path: Path) -> Scan | None:
        """The file in blocks; None if it is read as a whole."""
        ...

    def source(self, asked: TableSource) -> Source:
        """What is known of the file."""
        ...


@mutable
class _Desk:
    """Gathers the tables of one dataset.

    Attributes:
        specs: The tables of the pack.
        tables: The tables read so far.
        bulk: Those that are read in blocks.
        files: Which file each table came from, or was to come from.
        notices: What belongs to no table that was read.
        hashes: The SHA-256 of the files that were read as a whole, by name.
    """

    specs: Mapping[str, tables.Table]
    tables: dict[str, Table] = field(default_factory=dict)
    bulk: dict[str, Bulk] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)

    def means(self, name: str) -> str | None:
        """The table that ``name`` means."""
        return find(name, {key: tables.names_of(key, spec) for key, spec in self.specs.items()})

    def claim(self, name: str, file: str, *, listed: bool = False) -> str | None:
        """The table that ``name`` means, if it still lacks its data."""
        table = self.means(name)
        if table is None:
            self._remark_stray(name, file, listed=listed)
        elif table in self.files:
            self._remark_second(table, file)
        else:
            self.files[table] = file
            return table
        return None

    def take(self, table: str, raw: pl.DataFrame, source: Source) -> None:
        """Normalise what was read of ``table``."""
        notices = tuple(replace(notice, table=table) for notice in source.notices)
        self.tables[table] = normalise(
            raw, table, self.specs[table], replace(source, notices=notices)
        )

    def read(self, folder: Path, table: str, asked: TableSource, unit: str | None) -> None:
        """Read the file of ``table``; a fault becomes a notice and the others are still read."""
        try:
            path, reader = _found(folder, asked)
            blockwise = can_be_read_in_blocks(self.specs[table]) and not asked.quotes
            if blockwise and isinstance(reader, Blockwise) and (scan := reader.scan(path)):
                source = _asked(reader.source(asked), asked, unit)
                self.bulk[table] = Bulk(table, self.specs[table], source, scan)
                return
            raw, source = reader.read(path, asked)
            source = _asked(source, asked, unit)
            if asked.quotes:
                source = _with_quotes(folder, asked.quotes, self.specs[table], source, len(raw))
            self.hashes |= hashes_of(folder, asked.file, asked.quotes)
        except DataError as fault:
            self.refuse(table, fault)
            return
        self.take(table, raw, source)

    def read_facts(self, folder: Path, manifest: DatasetFile, facts_map: FactsMap) -> None:
        """Read a file of facts into the tables that the mapping makes of it."""
        if manifest.facts is None:
            return
        asked = TableSource(file=manifest.facts.file, encoding=manifest.facts.encoding)
        try:
            raw, source = read_file(folder, asked)
            from perfrules.readers import facts  # noqa: PLC0415  # few data are facts

            made = facts.tables_of(raw, source, facts_map, self.specs, manifest.unit_of_measure)
            self.hashes |= hashes_of(folder, asked.file)
        except DataError as fault:
            self.refuse("", fault)
            return
        self.notices.extend(made.notices)
        for name, (cells, known) in made.tables.items():
            table = self.claim(name, asked.file, listed=True)
            if table is not None:
                self.take(table, cells, replace(known, unit_of_measure=manifest.unit_of_measure))

    def dataset(self, name: str) -> Dataset:
        """The dataset, with a notice for each table that has no data."""
        for table, spec in self.specs.items():
            if table not in self.files and not spec.optional:
                text = message(
                    "the table {table} of the pack has no data; rules on it cannot be checked. "
                    "Add a file named {names}, or name its file under `tables:` in dataset.yaml",
                    table=table,
                    names=tables.names_of(table, spec),
                )
                self._add("PR401", text, table)
        order = [table for table in self.specs if table in self.tables]
        bulk = {table: self.bulk[table] for table in self.specs if table in self.bulk}
        read = {table: self.tables[table] for table in order}
        return Dataset(read, name, tuple(self.notices), bulk, self.hashes)

    def refuse(self, table: str, fault: DataError) -> None:
        """Note why something was not read."""
        for diagnostic in fault.diagnostics:
            self._add(diagnostic.code, diagnostic.message, table)

    def _remark_stray(self, name: str, file: str, *, listed: bool) -> None:
        known = tuple(self.specs)
        if listed:
            text = message(
                "dataset.yaml names a table {name} that the pack does not have; it is not read. "
                "The pack has {known}",
                name=name,
                known=known,
            )
            self._add("PR429", text, "", file)
            return
        text = message(
            "{file} is named after no table of the pack and is not read; the pack has {known}",
            file=file,
            known=known,
        )
        self.notices.append(Notice("PR418", text, "advice", where=file))

    def _remark_second(self, table: str, file: str) -> None:
        text = message(
            "{table} is read from {first}; {second} is for the same table and is not read. Remove one of them",
            table=table,
            first=self.files[table],
            second=file,
        )
        self._add("PR425", text, table, file)

    def _add(self, code: str, text: Worded, table: str, where: str = "") -> None:
        self.notices.append(
            Notice(code, text, table=table, where=where or self.files.get(table, ""))
        )


def _reader(path: Path) -> Reader | None:
    name = _READERS.get(path.suffix.lower())
    return cast("Reader", import_module(f"perfrules.readers.{name}")) if name else None


def _asked(source: Source, asked: TableSource, unit: str | None) -> Source:
    """What is known of a file, with what dataset.yaml says of it."""
    return replace(
        source,
        unit_of_measure=asked.unit_of_measure or unit,
        units=asked.units,
        columns=asked.columns,
        constants=asked.constants,
    )


def read_file(folder: Path, asked: TableSource) -> tuple[pl.DataFrame, Source]:
    """One file as it stands.

    Raises:
        DataError: It is not there, or cannot be read.
    """
    path, reader = _found(folder, asked)
    return reader.read(path, asked)


def _found(folder: Path, asked: TableSource) -> tuple[Path, Reader]:
    """A file of the dataset and its reader."""
    path = folder / asked.file
    reader = _reader(path)
    if not path.resolve().is_relative_to(folder.resolve()):
        text = message(
            "{file} lies outside the folder of the dataset and is not read; put it there",
            file=asked.file,
        )
    elif not path.is_file():
        text = message("{file} does not exist; correct its name, or add it", file=asked.file)
    elif reader is None:
        text = message(
            "{file} is of no type that can be read; the types are {types}",
            file=asked.file,
            types=tuple(_READERS),
        )
    else:
        return path, reader
    raise DataError([Diagnostic("PR419", text)])


def _with_quotes(
    folder: Path, file: str, spec: tables.Table, source: Source, height: int
) -> Source:
    """Add the words around each figure, from a file shaped like the table."""
    raw, quotes = read_file(folder, TableSource(file=file))
    names = {name: tables.names_of(name, column) for name, column in spec.columns.items()}
    found = {
        (row, column): quote
        for position, heading in enumerate(quotes.headings or raw.columns)
        if (column := find(heading, names))
        for row, quote in enumerate(raw.to_series(position).cast(pl.String))
        if quote and row < height
    }
    notices = source.notices
    if len(raw) != height:
        text = message(
            "{file} has {count} rows of quotes for {height} rows of figures; quotes may stand at wrong rows. "
            "Give it one row for each row of the table",
            file=file,
            count=len(raw),
            height=height,
        )
        notices = (*notices, Notice("PR426", text, "advice", where=file))
    return replace(source, quotes=found, notices=notices)
