"""README and runs in, README out: which rows come, move and go, and that nothing else changes."""

from __future__ import annotations

import difflib
from dataclasses import replace

import pytest

from irl_logging.errors import ManifestDeferred
from irl_logging.manifest.projection import project
from irl_logging.manifest.template import template

NONE = "| _(none)_ | - | - | - | - |"
NONE_YET = "| _(none yet)_ | - | - | - | - |"
RUNNING = "| deploy | 2026-02-08T00:45:00Z | Running | logs/deploy-2026-02-08-001.log | agent-x |"
DONE = "| deploy | 2026-02-08T00:50:00Z | ✓ Complete | - | agent-x |"

ACTIVE = "## Active Workflows\n\n| Workflow | Started | Status | Log File | Agent/User |\n|---|---|---|---|---|\n"
COMPLETED = (
    "\n## Completed Workflows\n\n| Workflow | Completed | Status | Results | Agent/User |\n|---|---|---|---|---|\n"
)


def changes(before: bytes, after: bytes) -> list[str]:
    """The lines that went and came."""
    old, new = before.decode().splitlines(), after.decode().splitlines()
    return [line for line in difflib.ndiff(old, new) if line[0] in "+-"]


def document(active: str = "", completed: str = "") -> bytes:
    return (ACTIVE + active + COMPLETED + completed).encode()


def completed_rows(data: bytes) -> list[str]:
    text = data.decode()
    return text[text.index("## Completed") :].splitlines()[4:]


# --- the specification's own document ---------------------------------------------------------------------------------


def test_a_started_run_takes_the_place_of_none(run):
    new = project(template(), [run()])
    assert changes(template(), new.document) == [f"- {NONE}", f"+ {RUNNING}"]
    assert new.shown == ()


def test_an_ended_run_moves_in_one_edit_and_none_comes_back(run):
    running = project(template(), [run()]).document
    new = project(running, [run(ended="00:50:00")])
    assert changes(template(), new.document) == [f"- {NONE_YET}", f"+ {DONE}"]
    assert new.shown == ("run-1",)


def test_runs_come_in_the_order_of_their_start_and_leave_newest_first(run):
    runs = [run(n, workflow=f"w{n}", started=f"2026-02-08T00:0{9 - n}:00Z") for n in (1, 2, 3)]
    text = project(template(), runs).document.decode()
    assert text.index("| w3 |") < text.index("| w2 |") < text.index("| w1 |")
    ended = [replace(item, status="✗ Failed", ended=f"2026-02-08T00:5{n}:00Z") for n, item in enumerate(runs)]
    text = project(text.encode(), ended).document.decode()
    assert text.index("| w3 |") < text.index("| w2 |") < text.index("| w1 |")


def test_projecting_twice_changes_nothing(run):
    runs = [run(1), run(2, ended="00:50:00"), run(3, ended="00:51:00", shown=True)]
    once = project(template(), runs)
    assert project(once.document, runs).document == once.document
    assert (
        project(once.document, runs, since="").document
        == project(project(once.document, runs, since="").document, runs, since="").document
    )


def test_an_ended_run_that_was_shown_is_left_alone(run):
    assert project(template(), [run(ended="00:50:00", shown=True)]).document == template()


# --- what the cells say -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "row"),
    [
        ({"summary": "8 approved, 2 flagged"}, "| ✓ Complete | 8 approved, 2 flagged |"),
        ({"results": "results/deploy-2026-02-08.json"}, "| ✓ Complete | results/deploy-2026-02-08.json |"),
        ({"counters": {"approved": 8, "flagged": 2}}, "| ✓ Complete | 8 approved, 2 flagged |"),
        ({"status": "⚠️ Crashed"}, "| ⚠️ Crashed | - |"),
        ({"status": "⚠️ Crashed", "note": "last step: list"}, "| ⚠️ Crashed | last step: list |"),
        ({"status": "⚠️ Error", "note": "a|b\nc"}, "| ⚠️ Error | a&#124;b&#92;u{a}c |"),
        ({"status": "⚠️ Error", "note": "why", "summary": "what"}, "| ⚠️ Error | what |"),
        ({"note": "fine"}, "| ✓ Complete | - |"),
        ({"status": "⚠️ Overstated"}, "| ⚠️ Overstated | - |"),
    ],
)
def test_status_and_results_of_an_ended_run(run, given, row):
    assert row in project(template(), [run(ended="00:50:00", **given)]).document.decode()


def test_the_workflow_cell_shows_the_name_as_it_was_given(run):
    text = project(template(), [run(title="Größe | prüfen", agent="a`b")]).document.decode()
    assert "| Größe &#124; prüfen | 2026-02-08T00:45:00Z | Running | logs/deploy-2026-02-08-001.log | a&#96;b |" in text


def test_a_run_that_gives_no_sign_of_life_is_stale_and_may_come_back(run):
    stale = project(project(template(), [run()]).document, [run(status="⚠️ Stale")]).document
    assert changes(template(), stale) == [f"- {NONE}", f"+ {RUNNING.replace('Running', '⚠️ Stale')}"]
    assert changes(template(), project(stale, [run()]).document) == [f"- {NONE}", f"+ {RUNNING}"]


# --- runs that look alike ---------------------------------------------------------------------------------------------


def test_twenty_runs_that_end_in_one_second_are_twenty_rows(run):
    runs = [run(n, ended="00:50:00") for n in range(20)]
    new = project(template(), runs)
    assert new.document.decode().count(DONE) == 20
    assert len(new.shown) == 20


def test_a_crash_before_shown_was_recorded_doubles_nothing(run):
    runs = [run(n, ended="00:50:00", shown=n < 7) for n in range(20)]
    published = project(document(completed=f"{DONE}\n" * 7), runs).document
    assert published.decode().count(DONE) == 20
    assert project(published, runs).document == published
    assert len(project(published, runs).shown) == 13


def test_of_runs_alike_only_the_missing_are_added(run):
    shown = [run(n, ended="00:50:00", shown=True) for n in range(3)]
    before = document(completed=f"{DONE}\n" * 3)
    after = project(before, [*shown, run(9, ended="00:50:00")]).document
    assert completed_rows(after) == [DONE] * 4


def test_runs_with_one_log_file_keep_a_row_each(run):
    shared = {"log": "logs/deploy-batch.log"}
    runs = [run(1, **shared), run(2, **shared), run(3, workflow="other", **shared)]
    started = project(template(), runs).document
    assert started.decode().count("logs/deploy-batch.log") == 3
    one_left = project(started, [replace(runs[0], ended="2026-02-08T00:50:00Z", status="✓ Complete"), *runs[1:]])
    active = one_left.document.decode().partition("## Completed")[0]
    assert active.count("| deploy | 2026-02-08T00:45:00Z | Running | logs/deploy-batch.log |") == 1
    assert active.count("| other | 2026-02-08T00:45:00Z | Running | logs/deploy-batch.log |") == 1


def test_of_two_runs_with_one_log_file_the_one_that_ended_leaves(run):
    shared = {"log": "logs/deploy-batch.log"}
    runs = [run(1, agent="b", **shared), run(2, agent="a", **shared)]
    started = project(template(), runs).document
    ended = project(started, [runs[0], run(2, agent="a", ended="00:50:00", **shared)]).document
    row = "| deploy | 2026-02-08T00:45:00Z | Running | logs/deploy-batch.log |"
    assert f"{row} b |" in ended.decode()
    assert f"{row} a |" not in ended.decode()


def test_a_second_copy_of_a_row_of_ours_goes(run):
    before = document(active=f"{RUNNING}\n{RUNNING}\n")
    assert project(before, [run()]).document == document(active=f"{RUNNING}\n")


def test_a_copy_of_the_row_of_a_run_that_ended_is_not_taken_for_another_runs(run):
    shared = {"log": "logs/deploy-batch.log"}
    row = "| deploy | 2026-02-08T00:45:00Z | Running | logs/deploy-batch.log | {} |\n"
    runs = [run(1, agent="a", ended="00:50:00", **shared), run(2, agent="b", **shared)]
    after = project(document(row.format("a") * 2), runs).document
    assert row.format("b").encode() in after
    assert row.format("a").encode() not in after


# --- what people wrote ------------------------------------------------------------------------------------------------

BY_HAND = [
    "| incident-approval | 2026-02-08T00:45:00Z | Running | logs/incident-batch-2026-02-08.log | agent-auto-approver |",
    "|by hand|yesterday|  Running? |-|me|",
    "| too | few |",
    "| too | many | cells | in | this | row |",
    "no pipes | at the ends",
    "|   padded    | 2026-02-07 | ⚠️ Overstated |  `logs/x.log`  | [me](mailto:me)   |   ",
]


@pytest.mark.parametrize("row", BY_HAND)
def test_rows_made_by_hand_stay_byte_for_byte(run, row):
    before = document(f"{row}\n", f"{row}\n")
    started = project(before, [run()]).document
    assert changes(before, started) == [f"+ {RUNNING}"]
    ended = project(started, [run(ended="00:50:00")]).document
    assert changes(before, ended) == [f"+ {DONE}"]


def test_a_row_by_hand_with_the_log_file_of_a_run_is_not_that_runs(run):
    row = "| deploy | 2026-02-08T00:44:00Z | Running | logs/deploy-2026-02-08-001.log | me |"
    before = document(f"{row}\n")
    assert changes(before, project(before, [run(ended="00:50:00")]).document) == [f"+ {DONE}"]


def test_a_status_that_people_wrote_into_our_row_stays_while_it_runs(run):
    before = document(RUNNING.replace("Running", "waiting for Ann") + "\n")
    assert project(before, [run()]).document == before
    assert DONE in project(before, [run(ended="00:50:00")]).document.decode()


def test_a_completed_row_that_people_corrected_is_not_put_back(run):
    shown = run(ended="00:50:00", shown=True)
    before = document(completed=DONE.replace("✓ Complete", "⚠️ Overstated").replace(" - ", " see #12 ") + "\n")
    assert project(before, [shown], since="").document == before


def test_rows_that_a_formatter_padded_are_known(run):
    padded = "| deploy   | 2026-02-08T00:45:00Z | Running    | logs/deploy-2026-02-08-001.log |   agent-x   |\n"
    assert project(document(padded), [run()]).document == document(padded)
    done = "| deploy   | 2026-02-08T00:50:00Z   | ✓ Complete    |  -  |   agent-x   |\n"
    assert project(document(completed=done), [run(ended="00:50:00")]).document == document(completed=done)


def test_a_note_in_a_column_of_its_own_moves_with_the_row(run):
    before = (
        "## Active Workflows\n|Notes|Workflow|Started|Status|Log File|Agent/User|Ticket|\n|-|-|-|-|-|-|-|\n"
        "|ask *Bob*|deploy|2026-02-08T00:45:00Z|Running|logs/deploy-2026-02-08-001.log|agent-x|[T-1](x)|\n"
        "## Completed Workflows\n|Workflow|Completed|Status|Results|Agent/User|Ticket|\n|-|-|-|-|-|-|\n"
    )
    after = project(before.encode(), [run(ended="00:50:00", summary="3 services")]).document.decode()
    row = "| deploy | 2026-02-08T00:50:00Z | ✓ Complete | 3 services (notes: ask *Bob*) | agent-x | [T-1](x) |"
    assert row in after
    assert after.count("Bob") == 1


def test_the_row_that_says_none_comes_back_as_it_stood(run):
    none = "|*None*||||   |\n"
    before = document(none, none)
    started = project(before, [run()])
    assert changes(before, started.document) == ["- |*None*||||   |", f"+ {RUNNING}"]
    gone = project(started.document, [run(ended="00:50:00")], placeholders=started.placeholders)
    assert changes(before, gone.document) == ["- |*None*||||   |", f"+ {DONE}"]


def test_none_beside_rows_of_people_is_theirs(run):
    by_hand = "| mine | today | Running | - | me |\n"
    before = document(f"{NONE}\n{by_hand}", f"{by_hand}{NONE_YET}\n")
    assert project(before, []).document == before
    assert project(before, [run()]).document == document(f"{by_hand}{RUNNING}\n", f"{by_hand}{NONE_YET}\n")


def test_a_table_without_rows_and_without_none_is_left_empty(run):
    assert project(document(), []).document == document()
    assert project(project(document(), [run()]).document, []).document != document()


# --- columns, line ends, bytes ----------------------------------------------------------------------------------------


def test_columns_may_be_more_fewer_and_in_another_order(run):
    before = (
        "## Active Workflows\n|Agent/User|Ticket|STARTED|workflow|\n|-|-|-|-|\n"
        "## Completed Workflows\n|Completed|Workflow|\n|-|-|\n"
    )
    started = project(before.encode(), [run(), run(2, ended="00:50:00")]).document.decode()
    assert "| agent-x | - | 2026-02-08T00:45:00Z | deploy |\n" in started
    assert started.endswith("|-|-|\n| 2026-02-08T00:50:00Z | deploy |\n")
    ended = project(started.encode(), [run(ended="00:51:00"), run(2, ended="00:50:00")]).document.decode()
    assert "| agent-x | - | 2026-02-08T00:45:00Z | deploy |" not in ended
    assert ended.endswith("|-|-|\n| 2026-02-08T00:51:00Z | deploy |\n| 2026-02-08T00:50:00Z | deploy |\n")


def test_carriage_returns_byte_order_mark_and_missing_last_line_end_stay(run):
    before = b"\xef\xbb\xbf" + template().replace(b"\n", b"\r\n").rstrip() + b" \t"
    after = project(before, [run(), run(2, ended="00:50:00")]).document
    assert after.replace(b"\r\n", b"").count(b"\n") == 0
    old = before.split(b"\r\n")
    new = after.split(b"\r\n")
    assert [line for line in new if line not in old] == [RUNNING.encode(), DONE.encode()]
    assert (new[0], new[-1]) == (old[0], old[-1])


def test_rows_at_the_very_end_of_a_document_without_line_end(run):
    before = document(completed=NONE_YET).rstrip(b"\n")
    after = project(before, [run(ended="00:50:00")]).document
    assert after == document(completed=DONE)
    two = project(after, [run(ended="00:50:00", shown=True), run(2, ended="00:49:00")]).document
    assert two == document(completed=f"{DONE}\n{DONE.replace('00:50', '00:49')}")


def test_bytes_that_are_no_text_stay(run):
    before = b"\xff\xfe\x00 caf\xe9 \x85\n" + document("| \xe9 | \xff |\n").replace(b"\xc3", b"")
    after = project(before, [run()]).document
    assert after.replace(RUNNING.encode() + b"\n", b"") == before


# --- order ------------------------------------------------------------------------------------------------------------


def test_a_table_that_grows_downwards_goes_on_so(run):
    old = ["| a | 2026-02-01 | ✓ Complete | - | me |", "| b | 2026-02-03T10:00:00Z | ✓ Complete | - | me |"]
    before = document(completed="".join(f"{row}\n" for row in old))
    runs = [run(1, ended="00:50:00"), run(2, ended="00:51:00")]
    assert completed_rows(project(before, runs).document) == [*old, DONE, DONE.replace("00:50", "00:51")]


def test_a_run_shown_late_stands_where_its_time_belongs(run):
    newer, older = DONE.replace("00:50", "00:55"), DONE.replace("00:50", "00:45")
    before = document(completed=f"{newer}\n| undated | - | x | - | me |\n{older}\n")
    after = completed_rows(project(before, [run(ended="00:50:00")]).document)
    assert after == [newer, DONE, "| undated | - | x | - | me |", older]


# --- what went missing ------------------------------------------------------------------------------------------------


def test_missing_rows_of_recent_runs_are_put_back_and_older_ones_are_not(run):
    runs = [run(1, ended="00:40:00", shown=True), run(2, ended="00:50:00", shown=True), run(3)]
    after = project(template(), runs, since="2026-02-08T00:45:00").document
    assert changes(template(), after) == [
        f"- {NONE}",
        f"+ {RUNNING.replace('001', '003')}",
        f"- {NONE_YET}",
        f"+ {DONE}",
    ]
    assert project(template(), runs, since="").document.decode().count("✓ Complete | - | agent-x") == 2


def test_an_active_row_of_a_run_that_has_ended_goes_and_its_completed_row_comes(run):
    before = document(active=f"{RUNNING}\n", completed=f"{NONE_YET}\n")
    after = project(before, [run(ended="00:50:00", shown=True)]).document
    assert after == document(active=f"{NONE}\n", completed=f"{DONE}\n")


# --- the cap ----------------------------------------------------------------------------------------------------------


def dated(day: int) -> str:
    return f"| old | 2026-01-{day:02} | ✓ Complete | - | me |"


def test_the_newest_rows_stay_and_the_months_of_the_others_are_linked_once(run):
    before = document(completed="".join(f"{dated(day)}\n" for day in range(28, 0, -1)) + "\nAfter.\n")
    new = project(before, [run(ended="00:50:00")], completed_rows=3)
    link = "Older runs: [2026-01](archive/2026-01/README.md)"
    assert completed_rows(new.document) == [DONE, dated(28), dated(27), "", link, "", "After."]
    assert [item.month for item in new.archived] == ["2026-01"] * 26
    assert [item.row for item in new.archived] == [f"{dated(day)}\n".encode() for day in range(26, 0, -1)]
    more = project(new.document, [run(2, ended="00:51:00"), run(3, ended="00:52:00")], completed_rows=1)
    assert completed_rows(more.document)[1:] == [
        "",
        "Older runs: [2026-02](archive/2026-02/README.md), [2026-01](archive/2026-01/README.md)",
        "",
        "After.",
    ]


def test_rows_without_a_date_do_not_count_and_stay(run):
    undated = "| mine | some day | ✓ Complete | - | me |"
    before = document(completed=f"{undated}\n" * 5 + f"{dated(2)}\n{undated}\n{dated(1)}\n")
    new = project(before, [], completed_rows=1)
    assert completed_rows(new.document)[:7] == [*[undated] * 5, dated(2), undated]
    assert [item.row for item in new.archived] == [f"{dated(1)}\n".encode()]


def test_none_keeps_all_and_zero_none(run):
    runs = [run(n, ended=f"00:{n:02}:00") for n in range(60)]
    assert len(project(template(), runs, completed_rows=None).archived) == 0
    new = project(template(), runs, completed_rows=0)
    assert len(new.archived) == 60
    assert sorted(changes(template(), new.document)) == ["+ ", "+ Older runs: [2026-02](archive/2026-02/README.md)"]


def test_in_a_table_that_grows_downwards_the_upper_rows_go(run):
    before = document(completed="".join(f"{dated(day)}\n" for day in range(1, 6)))
    new = project(before, [], completed_rows=2)
    assert completed_rows(new.document)[:2] == [dated(4), dated(5)]
    assert [item.row for item in new.archived] == [f"{dated(day)}\n".encode() for day in (1, 2, 3)]


def test_the_archive_is_told_how_many_copies_there_are_in_all(run):
    runs = [run(n, ended="00:50:00") for n in range(20)]
    new = project(template(), runs, completed_rows=5)
    assert completed_rows(new.document)[:5] == [DONE] * 5
    assert len(new.archived) == 15
    assert {item.copies for item in new.archived} == {15}


# --- what cannot be edited --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"# Another file\n",
        document() + document(),
        document().replace(b"Completed Workflows", b"Done"),
        b"<<<<<<< HEAD\n" + document(),
    ],
)
def test_a_document_that_is_not_to_be_understood_is_put_off(run, data):
    with pytest.raises(ManifestDeferred):
        project(data, [run()])


# --- steps of a long run ----------------------------------------------------------------------------------------------


def active_status(data: bytes) -> str:
    return data.decode().splitlines()[4].split("|")[3].strip()


def test_the_status_of_a_long_run_has_its_step(run):
    """While it is told of one; when it is not, nothing is said that may not be so any more."""
    first = project(document(), [run(steps=("push",), phases=("push",))]).document
    assert active_status(first) == "Running (push)"
    second = project(first, [run(steps=("wait | see",), phases=("push", "wait | see"))]).document
    assert active_status(second.replace(b"&#124;", b"PIPE")) == "Running (wait PIPE see)"
    assert active_status(project(second, [run(steps=(), phases=("push", "wait | see"))]).document) == "Running"
    assert active_status(project(second, [run(status="⚠️ Stale", phases=("push", "wait | see"))]).document) == "⚠️ Stale"


def test_a_status_that_looks_like_one_with_a_step_stays(run):
    """Only steps that the run was told to be in are ours to change."""
    before = document(RUNNING.replace("Running", "Running (ask Bob first)") + "\n")
    assert project(before, [run(steps=("push",), phases=("push",))]).document == before


def test_an_old_row_with_a_step_is_one_of_an_unknown_run():
    """So that whoever reads it looks for the run in all of the journal; what people say of their own rows is theirs."""
    assert project(document(RUNNING.replace("Running", "Running (push)") + "\n"), []).unknown is True
    assert project(document(RUNNING.replace("Running", "on hold") + "\n"), []).unknown is False
