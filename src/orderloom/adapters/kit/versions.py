"""The versions of a platform's API in a declaration: each once, with a real day, chosen by a setting of the file."""

from __future__ import annotations

from datetime import date

from orderloom.adapters.kit.notes import DeclarationNotes
from orderloom.adapters.kit.schema import ConnectorBlock


def check_versions(said: ConnectorBlock, notes: DeclarationNotes) -> None:
    """Note every mistake in `versions` and `version_by`."""
    names = [one.name for one in said.versions]
    for number, one in enumerate(said.versions):
        if names.index(one.name) < number:
            notes.wrong(("versions", number, "name"), "版本重复 / a version stands twice")
        if one.last_day and not _is_day(one.last_day):
            notes.wrong(("versions", number, "last_day"), "应为日期，如 2027-03-27 / a day is expected, 2027-03-27")
    if not said.version_by:
        if len(names) > 1:
            notes.wrong(("versions",), "有多个版本时须写 version_by / several versions need version_by")
        return
    setting = said.settings.get(said.version_by)
    if setting is None:
        notes.unknown(("version_by",), said.version_by, said.settings)
        return
    for choice in [str(one) for one in setting.choices]:
        if choice not in names:
            notes.unknown(("settings", said.version_by, "choices"), choice, names)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
