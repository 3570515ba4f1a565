"""What `make test ARGS=--quick` leaves out, so that a few minutes stay; before a merge everything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
LEFT_OUT = {
    "a server, a disk or a browser of its own": (
        "browser", "integration/test_a_full_disk_ends_nothing.py", "integration/test_debian_postgres_runs_the_route.py",
        "integration/test_embedded_postgres_keeps_its_promises.py", "integration/test_the_wheel_stands_alone.py",
    ),
    "a process for each command": (
        "integration/test_a_shop_ships_by_hand.py", "integration/test_asking_is_answered.py",
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
    "many orders": (
        "integration/test_audit_finds_every_tampering.py", "integration/test_stock_reaches_real_listings.py",
        "property/test_every_story_ends.py", "property/test_no_input_breaks_translate.py",
        "property/test_orders_and_stock_add_up.py", "route/test_cases_of_real_sellers.py",
        "route/test_incident_repeats.py",
        "contract/test_one_bad_record_hides_no_other.py", "integration/test_a_source_that_hides_orders.py",
        "integration/test_bad_messages_cost_little.py", "integration/test_no_grant_is_lost.py",
        "integration/test_forged_floods.py",
        "integration/test_queues_on_bad_statistics.py", "integration/test_replay_equals_stored.py",
        "integration/test_schemathesis.py", "integration/test_the_past_of_a_shop.py", "route/test_kin_of_real_cases.py",
        "route/test_rehearsed_world.py", "simulation",
    ),
}
"""Files and folders, by why they take long."""


def daily(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """The tests that stay, and those that are left out."""
    places = [ROOT / place for kind in LEFT_OUT.values() for place in kind]
    missing = [str(place) for place in places if not place.exists()]
    if missing:
        raise pytest.UsageError(f"tests/quick.py leaves out what is not there: {', '.join(missing)}")
    stay, go = list[pytest.Item](), list[pytest.Item]()
    for item in items:
        (go if any(item.path.is_relative_to(place) for place in places) else stay).append(item)
    return stay, go
