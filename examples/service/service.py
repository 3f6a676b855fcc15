"""A small HTTP service that checks posted tables: `uvicorn --factory service:service`, in this folder.

Every pack is bound once, when the service starts; requests share the bound plans, each in a thread of its own.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import polars as pl
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, Field, ValidationError

import perfrules
from perfrules.errors import DataError
from perfrules.renderers import json_v1

PACKS = str(Path(__file__).parents[1] / "quickstart" / "rules")
"""Packs that are served where PERFRULES_PACKS names none: ids or folders, parted as in PATH."""
MOST_BYTES = 20_000_000
Cell = str | bool | None


class Posted(BaseModel, extra="forbid"):
    """What is posted: rows by table, with figures as they are printed."""

    unit_of_measure: str | None = None
    tables: Annotated[dict[str, list[dict[str, Cell]]], Field(min_length=1)]


def service(packs: Sequence[str] | None = None) -> FastAPI:
    """The service over some packs."""
    asked = packs or os.environ.get("PERFRULES_PACKS", PACKS).split(os.pathsep)
    plans = {plan.pack.id: plan for plan in map(perfrules.bind, asked)}
    app = FastAPI(title="perfrules", version="1")

    def plan_of(pack: str) -> perfrules.BoundPlan:
        if pack not in plans:
            known = ", ".join(plans)
            raise HTTPException(404, f"there is no pack {pack}; there are {known}")
        return plans[pack]

    @app.get("/packs")
    def listed() -> list[dict[str, Any]]:
        """The packs, with the tables that each asks for and their columns."""
        return [described(plan) for plan in plans.values()]

    @app.post("/packs/{pack}/check")
    def check(
        plan: Annotated[perfrules.BoundPlan, Depends(plan_of)],
        posted: Annotated[Posted, Depends(read)],
    ) -> Response:
        """Check the posted tables; the answer is a report in perfrules' JSON, version 1."""
        try:
            report = plan.evaluate(
                {name: frame(rows) for name, rows in posted.tables.items()},
                unit_of_measure=posted.unit_of_measure,
            )
        except DataError as fault:
            faults = [{"code": d.code, "message": str(d.message)} for d in fault.diagnostics]
            raise HTTPException(422, faults) from fault
        headers = {"Perfrules-Exit-Code": str(report.exit_code())}
        return Response(json_v1.render(report), media_type="application/json", headers=headers)

    return app


async def read(request: Request) -> Posted:
    """The body, with every number as the digits that were posted: 685.70 has two decimals, which a float forgets."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"at most {MOST_BYTES} bytes are read")
    try:
        return Posted.model_validate(json.loads(body, parse_float=str, parse_int=str))
    except ValidationError as fault:
        raise HTTPException(422, json.loads(fault.json(include_url=False))) from fault
    except ValueError as fault:
        raise HTTPException(400, f"the body is no JSON: {fault}") from fault


def frame(rows: Sequence[Mapping[str, Cell]]) -> pl.DataFrame:
    """Rows as a frame of texts; a column that some row leaves out is blank there."""
    columns = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame(
        {name: [text(row.get(name)) for row in rows] for name in columns},
        schema=dict.fromkeys(columns, pl.String),
    )


def text(cell: Cell) -> str | None:
    """A cell as it would be printed."""
    return str(cell).lower() if isinstance(cell, bool) else cell


def described(plan: perfrules.BoundPlan) -> dict[str, Any]:
    """A pack in short."""
    pack = plan.pack
    return {
        "pack": pack.id,
        "version": pack.file.version,
        "rules": len(pack.rules),
        "tables": {
            name: {column: spec.type for column, spec in table.columns.items()}
            for name, table in pack.tables.items()
        },
    }
