"""What the page of connectors says is what the folders say today, and every tick is one that the suite can lose."""

from __future__ import annotations

from connectors_page import CHECKS, OF_FAMILY, main
from orderloom.adapters.manifests import manifests, plans


def test_the_page_and_the_schema_for_editors_are_what_the_folders_say() -> None:
    assert main(["--check"]) == 0, "run: python tools/connectors_page.py"


def test_every_connector_has_a_family_with_checks_of_its_own() -> None:
    assert {manifest.family for manifest in manifests().values()} <= OF_FAMILY.keys()
    titles = {check.title for check in CHECKS}
    assert all(set(columns) <= titles for columns in OF_FAMILY.values())


def test_a_check_tells_connectors_apart() -> None:
    for check in CHECKS:
        answers = {bool(check.applies(plan)) for plan in plans().values()}
        assert True in answers or check.title in ("read back", "manifest"), f"{check.title} applies to nobody"
