"""Random requests over the whole OpenAPI document: the hub never crashes, and says every "no" that it documents."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks as known
from schemathesis.specs.openapi import checks as openapi

from orderloom.rehearsal.server import serve
from tests.support.api_hub import a_world

EXAMPLES = 12
START_SECONDS_MAX = 60.0
OPERATIONS_MIN = 40
CHECKS = [known.not_a_server_error, openapi.status_code_conformance, openapi.content_type_conformance,
          openapi.response_schema_conformance]


class Served:
    """A hub with orders, served on loopback from a thread of its own."""

    def __init__(self, home: Path, dsn: str) -> None:
        self._home, self._dsn = home, dsn
        self.base, self.token, self.order_id = "", "", ""
        self.is_ready, self._stop = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    async def _run(self) -> None:
        async with a_world(self._home, self._dsn, orders=3) as world:
            async with await world.client("admin") as client:
                self.token = client.headers["Authorization"]
            self.order_id = world.order_ids[0]
            async with serve(world.app) as port:
                self.base = f"http://127.0.0.1:{port}"
                self.is_ready.set()
                await asyncio.to_thread(self._stop.wait)

    def stop(self) -> None:
        """End the server and wait for its thread."""
        self._stop.set()
        self.thread.join(START_SECONDS_MAX)


@pytest.fixture
def served(home: Path, database: str) -> Iterator[Served]:
    found = Served(home, database)
    found.thread.start()
    assert found.is_ready.wait(START_SECONDS_MAX)
    yield found
    found.stop()


def test_no_request_crashes_the_hub_or_gets_an_answer_that_is_not_documented(served: Served) -> None:
    schema = schemathesis.openapi.from_url(f"{served.base}/api/v1/openapi.json")
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path in ("/events",):  # an endless answer; the streams have tests of their own
            continue
        if operation.label == "POST /api/v1/accounts":  # a fitting body calls the platform that it names
            continue
        _try(operation, served)
        tried += 1
    assert tried >= OPERATIONS_MIN


def _try(operation: schemathesis.APIOperation, served: Served) -> None:
    """Requests that fit the schema and requests that do not; half of those about an order are about one that exists."""
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode])

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(case=cases, is_known=st.booleans())
    def one(case: schemathesis.Case, is_known: bool) -> None:
        if is_known and "reference" in (case.path_parameters or {}):
            case.path_parameters["reference"] = served.order_id
        case.call_and_validate(headers={"Authorization": served.token}, checks=CHECKS)

    one()
