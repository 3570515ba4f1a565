"""What the application knows of a connector, worked out from its declaration: form, capabilities, pace, contracts."""

from __future__ import annotations

from datetime import date

from orderloom.adapters.kit.schema import ConnectorBlock
from orderloom.application.ports import Manifest, Pull, Rate, Version
from orderloom.blueprint.duration import seconds

DAY = 86_400


def manifest_of(said: ConnectorBlock) -> Manifest:
    """The manifest of a declaration."""
    base_url = said.base_url if isinstance(said.base_url, str) else next(iter(said.base_url.get("of", {}).values()), "")
    pull = said.pull
    kept = said.authorise.keep if said.authorise else {}
    outbound = {kind: dict(one.fields) for kind, one in said.tell.items()}
    return Manifest(
        name=said.name, family=said.family, title={"zh": said.title.zh, "en": said.title.en}, zone=said.zone,
        capabilities=capabilities(said), base_url=base_url,
        credentials=[
            {"name": name, "title": {"zh": one.title.zh, "en": one.title.en}, "is_secret": one.secret,
             "is_token": bool(one.made_by), **({"help": {"zh": one.help.zh, "en": one.help.en}} if one.help else {}),
             "is_optional": one.optional or bool(one.made_by) or name in kept}
            for name, one in said.credentials.items()
        ],
        settings={
            name: {"default": one.default, "title": {"zh": one.title.zh, "en": one.title.en}, "choices": one.choices,
                   "is_exclusive": one.exclusive, "is_folder": one.folder}
            for name, one in said.settings.items()
        },
        rate=Rate(said.rate.per_second, said.rate.burst),
        rates={api: Rate(one.per_second, one.burst) for api, one in said.rate.apis.items()},
        reads=sorted(said.read),
        reads_whole=sorted(name for name, one in said.read.items() if one.window is None and not one.code),
        reads_by_code=sorted(name for name, one in said.read.items() if one.codes_at_once),
        needs_ids="stock" in said.tell and any(".listing." in name for name in said.tell["stock"].needs),
        pull=Pull() if pull is None else Pull(
            float(seconds(pull.every)), float(seconds(pull.sweep_after)), float(seconds(pull.sweep_every)),
            seconds(pull.history) // DAY if pull.history else 0,
            float(max((seconds(one.window.overlap) for one in pull.lists.values()
                      if one.window and one.window.overlap), default=0))),
        outbound=outbound,
        ends_with={kind: one.ends_with for kind, one in said.tell.items() if one.ends_with},
        carriers=list(said.carriers), is_label_theirs=said.label_theirs,
        answers=list(said.tell["decision"].ways) if "decision" in said.tell else [],
        versions=tuple(Version(one.name, date.fromisoformat(one.last_day) if one.last_day else None)
                       for one in said.versions),
        version_by=said.version_by,
        outbound_oversize={path: rule for one in said.tell.values() for path, rule in one.oversize.items()},
    )


def capabilities(said: ConnectorBlock) -> list[str]:
    """What it can do, as the blocks of the file say; `can` adds what a client of its own does beside."""
    has = {"pull": said.pull is not None, "push": said.push is not None, "listings": said.listings is not None,
           "query": said.query is not None, "quote": said.quote is not None, "authorise": said.authorise is not None}
    return list(dict.fromkeys([*(name for name, is_there in has.items() if is_there), *said.tell, *said.can]))
