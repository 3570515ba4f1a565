"""What `make test ARGS=--quick` leaves out, so that few minutes stay; before a merge everything runs.

A test is left out if it is in one of the places below, or if for each connector that its parameters name another stands
in. It stays in any case if its file, or the folder of its connector, was changed since the last commit.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from orderloom.adapters.manifests import folders

ROOT = Path(__file__).parent
STAND_IN = frozenset({"taobao", "shopify", "files", "wangdiantong", "kuaidi100", "wecom", "webhook"})
"""One connector of each form: a channel that is asked, one that also calls, one of files; a system, a carrier, a
messenger, a subscriber. Where a test takes none of them, the first that it takes stands in."""
OF_ANOTHER = "of a connector for which another stands in"
LEFT_OUT = {
    "a server, a disk or a browser of its own": (
        "browser", "integration/test_a_full_disk_ends_nothing.py", "integration/test_debian_postgres_runs_the_route.py",
        "integration/test_embedded_postgres_keeps_its_promises.py", "integration/test_the_benchmarks_begin.py",
        "integration/test_the_wheel_stands_alone.py",
    ),
    "what make check says": ("architecture/test_the_house_is_in_order.py",),
    "a hub or a process for each command or file": (
        "contract/test_files_in_trouble.py", "contract/test_files_stop_nobody.py",
        "integration/test_an_import_is_looked_at_first.py",
        "integration/test_a_replay_is_foreseen.py", "integration/test_a_shop_ships_by_hand.py",
        "integration/test_asking_is_answered.py", "integration/test_files_by_hand.py",
        "integration/test_what_is_not_given_stays.py",
        "integration/test_case_06_stock_file_mended_and_repeated.py", "integration/test_cli_answers_as_documented.py",
        "integration/test_cli_carries_a_shop.py", "integration/test_codes_by_case.py",
    ),
    "waits for what does not answer": (
        "integration/test_a_resting_worker_is_woken.py", "integration/test_outside_cannot_harm.py",
        "contract/test_every_channel_over_http.py", "contract/test_what_a_platform_answers.py",
        "integration/test_a_silent_network.py", "integration/test_connections_are_bounded.py",
        "integration/test_door_holds.py", "route/test_incident_outages.py",
    ),
    "a public client, a type checker or a tracer beside the product": (
        "architecture/test_a_newcomer_reads_little.py", "architecture/test_every_setting_is_read.py",
        "contract/test_amazon_witness.py", "contract/test_shopify_witness.py", "contract/test_taobao_witness.py",
        "integration/test_audit_stands_without_the_product.py",
    ),
    "every connector, or one that is broken in every place": (
        "contract/test_every_clock_change.py", "integration/test_a_broken_connector_stops_no_other.py",
        "integration/test_a_damaged_receiver_hides_no_other.py", "unit/test_any_mistake_is_told.py",
        "unit/test_yaml_trees.py",
    ),
    "many orders, or days of them": (
        "integration/test_audit_finds_every_tampering.py", "integration/test_stock_reaches_real_listings.py",
        "property/test_every_story_ends.py", "property/test_mapping_in_line.py",
        "property/test_no_input_breaks_translate.py", "property/test_orders_and_stock_add_up.py",
        "route/test_cases_of_real_sellers.py",
        "route/test_chinese_shops_in_the_world.py", "route/test_every_system_in_the_world.py",
        "route/test_incident_consistency.py", "route/test_incident_repeats.py", "route/test_incident_warehouse.py",
        "contract/test_one_bad_record_hides_no_other.py", "integration/test_a_source_that_hides_orders.py",
        "integration/test_bad_messages_cost_little.py", "integration/test_no_grant_is_lost.py",
        "integration/test_forged_floods.py",
        "integration/test_queues_on_bad_statistics.py", "integration/test_replay_equals_stored.py",
        "integration/test_schemathesis.py", "integration/test_the_past_of_a_shop.py", "route/test_kin_of_real_cases.py",
        "route/test_rehearsed_world.py", "simulation",
    ),
}
"""Files and folders, by why they take long."""


def daily(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item], Counter[str]]:
    """The tests that stay, those that are left out, and how many of these for which reason."""
    places = {ROOT / place: why for why, kind in LEFT_OUT.items() for place in kind}
    missing = [str(place) for place in places if not place.exists()]
    if missing:
        raise pytest.UsageError(f"tests/quick.py leaves out what is not there: {', '.join(missing)}")
    connectors, changed = {folder.name: folder for folder in folders()}, _changed()
    touched = {name for name, folder in connectors.items() if any(path.is_relative_to(folder) for path in changed)}
    named = {item.nodeid: _words(item) & connectors.keys() for item in items}
    taken = defaultdict[str, set[str]](set)
    for item in items:
        taken[_function(item)] |= named[item.nodeid]
    stay, go, reasons = list[pytest.Item](), list[pytest.Item](), Counter[str]()
    for item in items:
        names, of_all = named[item.nodeid], taken[_function(item)]
        kept = (of_all & STAND_IN or set(sorted(of_all)[:1])) | touched
        why = next((places[place] for place in (item.path, *item.path.parents) if place in places), "")
        why = why or (OF_ANOTHER if names and not names & kept else "")
        if why and item.path not in changed and not names & touched:
            go.append(item)
            reasons[why] += 1
        else:
            stay.append(item)
    return stay, go, reasons


def told(reasons: Counter[str]) -> str:
    """What was left out, for the end of the run."""
    lines = [f"left out by --quick: {reasons.total():,} tests (tests/quick.py); before a merge: make test"]
    return "\n".join([*lines, *[f"  {count:5,} {why}" for why, count in reasons.most_common()]])


def _function(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _words(item: pytest.Item) -> set[str]:
    """The words of a test's parameters, among them names of connectors."""
    return set(re.split(r"\W+", item.nodeid.partition("[")[2]))


def _changed() -> set[Path]:
    """Files that are not as in the last commit; none where git cannot say."""
    asked = ["git", "-C", str(ROOT), "status", "--porcelain", "-z", "--untracked-files=all"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return {ROOT.parent / line[3:] for line in said.split("\0") if line[3:]}
