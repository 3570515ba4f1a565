"""Lay what people edited of a connector's mapping over an account: its messages are read by it, its files too."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from orderloom.application.ports import Account
from orderloom.blueprint.mapping.override import read_edited
from orderloom.domain.override import Override


def with_overrides(account: Account, overrides: Sequence[Override]) -> Account:
    """The account as it reads under these. A content that cannot be read is told when a message is."""
    settings = dict(account.settings)
    for one in overrides:
        try:
            edited = read_edited(one.content)
        except ValueError:
            continue
        for name, told in (("columns", edited.columns), ("constants", edited.constants)):
            if told:
                settings[name] = {**dict(settings.get(name) or {}), **told}
    return msgspec.structs.replace(account, settings=settings, overrides=tuple(overrides))
