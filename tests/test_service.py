"""The service of examples/service, over real HTTP on the loopback interface."""

import importlib.util
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

ROOT = Path(__file__).parents[1]
ROW = '{"department": "Water", "year": 2024, "total": 685.75, "basic": 283.00, "project": %s}'


def loaded() -> Any:
    spec = importlib.util.spec_from_file_location("service", ROOT / "examples/service/service.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    packs = [str(ROOT / "examples/quickstart/rules"), "cn-overall-self-eval"]
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(loaded().service(packs), log_level="error", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        with httpx.Client(
            base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", trust_env=False, timeout=30
        ) as client:
            yield client
        server.should_exit = True
        thread.join()


def post(client: httpx.Client, body: str, pack: str = "quickstart") -> httpx.Response:
    return client.post(f"/packs/{pack}/check", content=body)


def body(project: str) -> str:
    return f'{{"unit_of_measure": "EUR", "tables": {{"spending": [{ROW % project}]}}}}'


@pytest.mark.parametrize(
    ("project", "outcome"),
    [("402.75", "pass"), ('"402.74"', "rounding"), ("402.00", "fail"), ("null", "unknown")],
)
def test_a_posted_row_is_checked(client: httpx.Client, project: str, outcome: str) -> None:
    answer = post(client, body(project))
    assert answer.status_code == 200
    report = answer.json()
    (total,) = (s for s in report["summary"] if s["rule"] == "total-is-basic-plus-project")
    assert total[outcome] == total["rows"] == 1
    assert answer.headers["Perfrules-Exit-Code"] == ("1" if outcome == "fail" else "3")
    assert {n["code"] for n in report["notices"]} == {"PR402"}  # columns that other rules need


def test_the_digits_that_were_posted_decide(client: httpx.Client) -> None:
    row = '{"department": "Water", "year": 2024, "total": %s, "basic": 1.00, "project": 1.00}'
    bodies = [
        f'{{"unit_of_measure": "EUR", "tables": {{"spending": [{row % total}]}}}}'
        for total in ("2.00", "2.0", "2.01", "2.001")
    ]
    outcomes = []
    for each in bodies:
        found = post(client, each).json()["summary"][0]
        outcomes.append(next(name for name in ("pass", "rounding", "fail") if found[name]))
    assert outcomes == ["pass", "pass", "rounding", "rounding"]


def test_requests_share_a_plan(client: httpx.Client) -> None:
    projects = ["402.75", "402.74", "402.00", "null"] * 5
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda project: post(client, body(project)).json(), projects))
    for project, answer in zip(projects, answers, strict=True):
        assert answer["summary"] == post(client, body(project)).json()["summary"]


def test_packs_are_listed(client: httpx.Client) -> None:
    found = client.get("/packs").json()
    assert [pack["pack"] for pack in found] == ["quickstart", "cn-overall-self-eval"]
    assert found[0]["tables"]["spending"]["total"] == "money"


@pytest.mark.parametrize(
    ("pack", "body", "status", "told"),
    [
        ("nowhere", body("1"), 404, "there is no pack nowhere; there are quickstart, cn-overall-self-eval"),
        ("quickstart", "{", 400, "the body is no JSON"),
        ("quickstart", '{"tables": {}}', 422, "at least 1"),
        ("quickstart", '{"table": {}}', 422, "Extra inputs"),
        ("quickstart", '{"tables": {"spendings": [{"a": 1}]}}', 422, "PR430"),
        ("quickstart", " " * 20_000_001, 413, "at most 20000000 bytes"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_told(
    client: httpx.Client, pack: str, body: str, status: int, told: str
) -> None:
    answer = post(client, body, pack)
    assert answer.status_code == status
    assert told in json.dumps(answer.json(), ensure_ascii=False)
