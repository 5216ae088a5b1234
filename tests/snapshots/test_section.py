"""The State Snapshots section as a function of bytes and values."""

from __future__ import annotations

import pytest

from irl_logging.errors import ManifestDeferred
from irl_logging.manifest.template import template
from irl_logging.snapshots.section import scalars, shown

NOW = "2026-03-01T10:20:30Z"
QUARANTINE = {
    "timestamp": "2026-02-07T00:00:00Z",
    "total_incidents": 12,
    "oldest_incident": "2026-01-01T17:28:20Z",
    "top_integration": "finance_integration",
    "top_integration_incidents": 7,
    "integrations": [{"integration": "finance_integration", "incidents": 7}],
}
REGISTRY = {
    "registered_integrations": 2,
    "last_baseline_update": "2025-12-20T09:00:00Z",
    "last_baseline_update_integration": "user_integration",
}
APPROVALS = {"approval_rate_24h": 0.8333, "success_rate": 0.5, "approved": 5}


def section(text: str) -> bytes:
    """A README with a State Snapshots section."""
    return f"# Manifest\n\n## State Snapshots\n\n{text}\n\n## Troubleshooting\n".encode()


def changed(before: bytes, after: bytes) -> list[str]:
    """The lines that are others."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [new.decode() for old, new in pairs if old != new]


def test_placeholders_are_filled_and_nothing_else_changes():
    document = template()
    for name, content in (("quarantine", QUARANTINE), ("registry", REGISTRY), ("approvals", APPROVALS)):
        document = shown(document, name, content, {}, NOW)
    assert changed(template(), document) == [
        "**Last Updated:** 2026-03-01T10:20:30Z",
        "- **Total incidents:** 12",
        "- **Oldest incident:** 2026-01-01T17:28:20Z",
        "- **Top integration:** finance_integration (7 incidents)",
        "- **Registered integrations:** 2",
        "- **Last baseline update:** user_integration at 2025-12-20T09:00:00Z",
        "- **24h approval rate:** 83%",
        "- **Success rate:** 50%",
    ]


def test_the_same_again_changes_nothing_and_not_the_time():
    document = shown(template(), "quarantine", QUARANTINE, {}, NOW)
    assert shown(document, "quarantine", QUARANTINE, QUARANTINE, "2027-01-01T00:00:00Z") == document


def test_new_values_take_the_place_of_old_ones():
    document = shown(template(), "quarantine", QUARANTINE, {}, NOW)
    fewer = {**QUARANTINE, "total_incidents": 11, "top_integration_incidents": 1}
    assert changed(document, shown(document, "quarantine", fewer, {}, "2026-02-09T00:00:00Z")) == [
        "**Last Updated:** 2026-02-09T00:00:00Z",
        "- **Total incidents:** 11",
        "- **Top integration:** finance_integration (1 incident)",
    ]


def test_nothing_is_said_as_the_tables_say_it_and_filled_again():
    nothing = dict.fromkeys(QUARANTINE) | {"total_incidents": 0}
    document = shown(template(), "quarantine", nothing, {}, NOW)
    assert b"- **Total incidents:** 0\n- **Oldest incident:** _(none)_\n- **Top integration:** _(none)_\n" in document
    assert b"**Top integration:** finance_integration (7 incidents)\n" in shown(
        document, "quarantine", QUARANTINE, {}, NOW
    )


@pytest.mark.parametrize(
    "line",
    [
        "- **Total incidents:** ask Samson",
        "- **Total incidents:** 12 (mostly ours)",
        "- **Incidents in all:** _(count)_",
        "- Total incidents: _(count)_",
        "**Total incidents:** _(count)_",
        "- **Oldest incident:** unknown",
        "- **Top integration:** finance, as always",
    ],
)
def test_what_a_person_has_written_is_left_alone(line):
    document = section(f"{line}\n\n**Last Updated:** 2026-01-01T00:00:00Z")
    assert shown(document, "quarantine", QUARANTINE, {}, NOW) == document


@pytest.mark.parametrize(
    ("line", "filled"),
    [
        ("* **Total incidents**: _(count)_", "* **Total incidents**: 12"),
        ("- **Total Incidents:** *(count)*", "- **Total Incidents:** 12"),
        ("- **Total incidents:**", "- **Total incidents:** 12"),
        ("  - **total incidents:**   9  ", "  - **total incidents:**   12  "),
        ("- **Top integration:** a (1 incident)", "- **Top integration:** finance_integration (7 incidents)"),
    ],
)
def test_bullets_as_editors_leave_them(line, filled):
    assert shown(section(line), "quarantine", QUARANTINE, {}, NOW) == section(filled)


def test_line_ends_bytes_and_a_missing_last_one_stay():
    document = (
        b"\xef\xbb\xbf# M\r\n\r\n## State Snapshots\r\n\xff\r\n- **Total incidents:** 3 \r\n- **Oldest incident:** -"
    )
    assert shown(document, "quarantine", QUARANTINE, {}, NOW) == document.replace(b"3 \r", b"12 \r").replace(
        b":** -", b":** 2026-01-01T17:28:20Z"
    )


def test_fences_comments_and_other_sections_are_not_looked_at():
    bullet = "- **Total incidents:** 3"
    document = section(f"```\n{bullet}\n```\n\n<!--\n{bullet}\n-->") + f"\n{bullet}\n".encode()
    assert shown(document, "quarantine", QUARANTINE, {}, NOW) == document


def test_under_another_heading_the_same_label_is_somebody_elses():
    document = section(
        "#### Deployments\n- **Success rate:** 97%\n\n#### Auto-Approval Metrics\n- **Success rate:** _(%%)_"
    )
    assert shown(document, "approvals", APPROVALS, {}, NOW) == document.replace(b"_(%%)_", b"50%")


def test_of_two_bullets_of_one_label_the_first_is_filled():
    document = section("- **Total incidents:** 3\n- **Total incidents:** 4")
    assert shown(document, "quarantine", QUARANTINE, {}, NOW) == document.replace(b" 3", b" 12")


def test_a_collector_of_ones_own_fills_bullets_that_are_called_like_its_keys():
    document = section("#### Deployments\n- **Last version:** _(version)_\n- **Healthy:** _(?)_\n- **Services:** 2")
    content = {"last_version": "v1.2 (blue)", "healthy": True, "services": 3, "hosts": ["a", "b"]}
    after = shown(document, "deployments", content, {}, NOW)
    assert changed(document, after) == ["- **Last version:** v1.2 (blue)", "- **Healthy:** yes", "- **Services:** 3"]
    later = {**content, "last_version": "v1.3 (green)"}
    assert shown(after, "deployments", later, {}, NOW) == after  # a person may have written that
    assert changed(after, shown(after, "deployments", later, content, NOW)) == ["- **Last version:** v1.3 (green)"]


def test_stale_values_stay_and_are_marked_once():
    document = shown(template(), "quarantine", QUARANTINE, {}, NOW)
    stale = {**QUARANTINE, "stale": {"since": "2026-02-09T06:00:00Z", "reason": "it failed"}}
    marked = shown(document, "quarantine", stale, QUARANTINE, "2026-02-09T06:00:00Z")
    assert changed(document, marked) == [
        "- **Total incidents:** 12 _(stale since 2026-02-09T06:00:00Z)_",
        "- **Oldest incident:** 2026-01-01T17:28:20Z _(stale since 2026-02-09T06:00:00Z)_",
        "- **Top integration:** finance_integration (7 incidents) _(stale since 2026-02-09T06:00:00Z)_",
    ]
    assert shown(marked, "quarantine", stale, stale, "2026-02-10T06:00:00Z") == marked
    fresh = shown(marked, "quarantine", QUARANTINE, stale, "2026-02-11T06:00:00Z")
    assert fresh == document.replace(NOW.encode(), b"2026-02-11T06:00:00Z")


def test_placeholders_do_not_age():
    stale = {**QUARANTINE, "stale": {"since": "2026-02-09T06:00:00Z", "reason": "it failed"}}
    assert shown(template(), "quarantine", stale, {}, NOW) == template()


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x>",
        "[click](http://x)",
        "a|b",
        "`code`",
        "**bold**",
        "a\n## Active Workflows",
        "_(none)_",
        "x\u202ey",
        "{0}",
        "my integration",
    ],
)
def test_a_name_is_text_and_recognised_again(name):
    once = shown(template(), "quarantine", {**QUARANTINE, "top_integration": name}, {}, NOW)
    assert len(once.splitlines()) == len(template().splitlines())
    (line,) = [it for it in once.decode().splitlines() if it.startswith("- **Top integration:**")]
    assert not set("<>[]|`*\u202e") & set(line.removeprefix("- **Top integration:**"))
    assert b"finance_integration (7" in shown(once, "quarantine", QUARANTINE, {}, NOW)


def test_conflict_markers_put_it_off():
    with pytest.raises(ManifestDeferred):
        shown(section("<<<<<<< ours\n- **Total incidents:** 3"), "quarantine", QUARANTINE, {}, NOW)


def test_as_plain_text():
    assert dict(scalars({**QUARANTINE, **APPROVALS, "oldest_incident": None, "top_integration": "a*b"})) == {
        "total incidents": "12",
        "oldest incident": "none",
        "top integration": "a*b (7 incidents)",
        "24h approval rate": "83%",
        "success rate": "50%",
        "approved": "5",
    }
