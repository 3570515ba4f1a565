"""Connectors over HTTP: what each can do, and the form that an account of it fills in."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from orderloom.adapters.kit.catalogue import ConnectorTold, told
from orderloom.adapters.manifests import plans
from orderloom.application.connect import Field, Form, Setting, form_of
from orderloom.application.identity.access import Caller
from orderloom.application.ports import Manifest, connectable
from orderloom.bootstrap import Hub
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.problem import not_found
from orderloom.entrypoints.http.kit.wire import reply, spoken, worded

router = APIRouter(prefix="/api/v1", tags=["accounts"])
Reader = Annotated[Caller, Depends(needs("accounts:read"))]


class ConnectorForm(msgspec.Struct, frozen=True):
    """A connector, and what an account of it asks for; all of it follows from its declaration."""

    connector: ConnectorTold
    zone: str
    base_url: str
    credentials: tuple[Field, ...]
    settings: dict[str, Setting]
    reads: list[str]
    history_days_max: int


class ConnectorForms(msgspec.Struct, frozen=True):
    """All connectors, by family and name."""

    connectors: list[ConnectorForm]


@router.get("/connectors", **spoken(ConnectorForms), summary="连接器 | Connectors and their forms")
async def list_connectors(desk: DeskHere, who: Reader) -> Response:
    """Every connector: what it can do, what is not certain of it, and the form that an account of it fills in."""
    found = sorted(connectable(desk.hub.manifests).values(), key=lambda one: (one.family, one.name))
    return reply(ConnectorForms([_told(one) for one in found]))


@router.get("/connectors/{name}", **spoken(ConnectorForm, problems=(404,)), summary="一个连接器 | One connector")
async def show_connector(desk: DeskHere, who: Reader, name: str) -> Response:
    """One connector and its form."""
    known = connectable(desk.hub.manifests)
    if name not in known:
        raise not_found("连接器", "connector", name)
    return reply(_told(known[name]))


def connect_forms(hub: Hub) -> dict[str, Any]:
    """The OpenAPI schemas of a new account: one for each connector, its credentials and settings by name."""
    return {f"Connect_{one.name}": _schema(form_of(one)) for one in connectable(hub.manifests).values()}


def _told(manifest: Manifest) -> ConnectorForm:
    form = form_of(manifest)
    return ConnectorForm(told(plans()[manifest.name]), form.zone, form.base_url, form.credentials, form.settings,
                         manifest.reads, manifest.pull.history_days_max)


def _schema(form: Form) -> dict[str, Any]:
    credentials = {one.name: {"type": "string", "title": worded(one.title), "writeOnly": one.is_secret}
                   for one in form.credentials}
    settings = {name: {"title": worded(one.title), "default": one.default,
                       **({"enum": list(one.choices)} if one.choices and not isinstance(one.default, list) else {})}
                for name, one in form.settings.items()}
    return {
        "title": worded(form.title), "type": "object", "required": ["connector", "code"],
        "properties": {
            "connector": {"const": form.connector},
            "zone": {"type": "string", "default": form.zone}, "base_url": {"type": "string", "default": form.base_url},
            "credentials": {"type": "object", "additionalProperties": False, "properties": credentials,
                            "required": [one.name for one in form.credentials if not one.is_optional]},
            "settings": {"type": "object", "additionalProperties": False, "properties": settings},
        },
    }
