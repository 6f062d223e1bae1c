"""The contest’s day: time, durability, concurrency (1 to 21)."""

from __future__ import annotations

from tests.sabotages import Sabotage

CLOCK = "quizapp/exam/clock.py"
KEEPING = "quizapp/sitting/keeping.py"
QUERIES = "quizapp/sitting/queries.py"
SITTINGS = "quizapp/sitting/actions.py"
ACTIONS = "tests/sitting/test_actions.py"
GRACE = f"{ACTIONS}::test_grace_is_included_and_what_comes_later_is_only_evidence"
EXPIRED = f"{ACTIONS}::test_expired_sitting_is_closed_from_stored_answers_with_no_browser_open"
BACKUP = "quizapp/kit/backup.py"
LEASE = "tests/kit/test_lease.py"
CANDIDATE = "tests/browser/test_candidate.py"

TIME = (
    Sabotage("the end is not checked", KEEPING, "AND sitting.ends_at >= new.floor", "", GRACE, 1),
    Sabotage("the grace counts twice for an answer", KEEPING, "floor = at - version.grace", "floor = at - 2 * version.grace", GRACE, 2),
    Sabotage("the grace counts twice for the closing", QUERIES, "out_of_time(sitting, now - grace)", "out_of_time(sitting, now - 2 * grace)", EXPIRED, 2),
    Sabotage("the browser's clock is believed", "quizapp/sitting/express.py", "    at = now()\n    holder", "    at = request.date or now()\n    holder", "tests/sitting/test_trust.py::test_browser_s_clock_decides_nothing", 3),
    Sabotage("minutes are added on the wall clock", CLOCK, "end = (timing.window.opens if common else started) + timing.duration", 'end = ((timing.window.opens if common else started).astimezone(ZoneInfo("Europe/Paris")) + timing.duration).astimezone(UTC)', "tests/exam/test_wall_clocks.py::test_sitting_lasts_as_long_through_a_night_of_the_clocks", 4),
    Sabotage("the window's end cuts an allowance", CLOCK, "return end + allowed(timing.duration, own.allowance) + own.extension + stood", "return min(end + allowed(timing.duration, own.allowance), timing.window.closes) + own.extension + stood", "tests/exam/test_clock.py::test_allowance_is_its_share_of_the_duration_and_is_never_cut", 5),
    Sabotage("the closing job closes what its clock has passed", SITTINGS, "if sitting.closed_at is None and queries.is_over(sitting, plan, now):", "if sitting.closed_at is None:", EXPIRED, 6),
    Sabotage("the closing job closes at its own hour", SITTINGS, 'close(db, sitting, plan, number=number, at=sitting.ends_at, by="expiry")\n            closed += 1', 'close(db, sitting, plan, number=number, at=now, by="expiry")\n            closed += 1', EXPIRED, 6),
    Sabotage("the last instant of the grace is lost", KEEPING, "sitting.ends_at >= new.floor", "sitting.ends_at > new.floor", GRACE, 7),
    Sabotage("the rule book loses the last instant", CLOCK, "return received <= ends + grace", "return received < ends + grace", "tests/exam/test_clock.py::test_answers_count_up_to_the_end_of_the_grace", 7),
    Sabotage("the instant of the opening is too early", CLOCK, "if now < self.opens:", "if now <= self.opens:", "tests/exam/test_clock.py::test_window_contains_its_opening_and_not_its_closing", 7),
    Sabotage("a double press gives the time twice", "quizapp/invigilation/acting.py", "if not acts.arrives(db, plan.id, key=key, now=terms.now):", "if False:", "tests/invigilation/test_presses.py::test_time_given_by_a_double_press_is_given_once", 8),
    Sabotage("an act's key is not kept", "quizapp/invigilation/acts.py", "return db.exec(row.on_conflict_do_nothing().returning(col(DeskAct.key))).first() is not None", "return True", "tests/invigilation/test_actions.py::test_key_of_a_press_is_served_once_unless_its_act_is_undone", 8),
)  # fmt: skip

DURABILITY = (
    Sabotage("commits that do not wait for the disk", "quizapp/kit/store.py", "synchronous = FULL", "synchronous = NORMAL", "tests/kit/test_store.py::test_commit_waits_for_the_disk_and_readers_wait_for_nobody", 9),
    Sabotage(
        "acknowledged before the commit", "quizapp/kit/writer.py",
        "with self._store.changing() as connection:\n            if more:",
        "with self._store.engine.connect() as connection:\n            if more:",
        "tests/sitting/test_views.py::test_saved_answer_is_acknowledged_with_its_time", 10,
    ),
    Sabotage("a store that fails is told as well done", "quizapp/web/errors.py", '503,\n            "not_stored"', '200,\n            "not_stored"', "tests/journeys/test_failures.py::test_answer_that_cannot_be_stored_is_told_and_may_come_again", 11),
    Sabotage("a commit that fails is told to nobody", "quizapp/kit/writer.py", "asked.told.set_exception(error)", "asked.told.set_result(None)", "tests/kit/test_writer.py::test_commit_that_fails_is_told_to_all_who_waited_and_the_writer_goes_on", 11),
    Sabotage("a writer begins without the right to write", "quizapp/kit/store.py", '"BEGIN IMMEDIATE" if writing else "BEGIN"', '"BEGIN"', "tests/kit/test_store.py::test_writer_has_the_right_to_write_from_its_first_statement", 12),
    Sabotage("what waits is forgotten on reload", "quizapp/static/js/sitting/store.js", "if (one.sitting === sitting) store.#unsent.set(one.number, one.answer);", "", f"{CANDIDATE}::test_answers_outlive_a_reload_and_a_closed_tab", 13),
    Sabotage("any 200 is an acknowledgement", "quizapp/static/js/sitting/saving.js", "if (reply.ok && body?.kept?.number === number && body.kept.seq === seq) return { kind: \"kept\", body };", "if (reply.ok) return { kind: \"kept\", body: body ?? { kept: { number, seq, at: new Date().toISOString() } } };", f"{CANDIDATE}::test_answer_of_a_public_network_is_no_acknowledgement", 14),
    Sabotage("a damaged backup is put back", BACKUP, "if told != f\"{digest.hexdigest()}\\n\".encode():", "if False:", "tests/kit/test_backup.py::test_damaged_backup_is_refused", 15),
    Sabotage("the contents of a backup are not compared", BACKUP, "if _revision(db) != manifest.revision or _digests(db) != manifest.tables:", "if False:", "tests/kit/test_backup.py::test_backup_that_was_resealed_with_other_contents_is_refused", 15),
    Sabotage("a migration without a transaction", "migrations/versions/0002_a_chain_of_answers.py", 'op.execute("CREATE TABLE answer_before AS SELECT * FROM answer")', 'op.execute("CREATE TABLE answer_before AS SELECT * FROM answer")\n    op.execute("COMMIT")', "tests/kit/test_migrate.py::test_killed_at_every_statement_a_migration_has_not_begun", 16),
)  # fmt: skip

CONCURRENCY = (
    Sabotage("a person may have two sittings", "migrations/versions/0001_the_first_round.py", '        sa.UniqueConstraint(\n            "application_id", "stage_id", name=op.f("uq_sitting_application_id_stage_id")\n        ),\n', "", "tests/sitting/test_trust.py::test_second_sitting_of_one_person_cannot_be_stored", 17),
    Sabotage("a stale version counts", KEEPING, "newer.seq >= new.seq", "newer.seq = new.seq", f"{ACTIONS}::test_answer_from_a_stale_tab_is_refused_and_changes_nothing", 18),
    Sabotage("two versions may bear one number", "migrations/versions/0002_a_chain_of_answers.py", "unique=True", "unique=False", "tests/sitting/test_trust.py::test_two_versions_of_one_number_cannot_both_count", 18),
    Sabotage("a repeated delivery is not known", KEEPING, "same = _one(connection, version, _ANSWER.c.key == version.key)", "same = None", f"{ACTIONS}::test_same_delivery_twice_is_one_answer", 19),
    Sabotage("a lease is taken from whoever holds it", "quizapp/kit/lease.py", "where=(col(Lease.until) < now) | (col(Lease.holder) == holder),", "where=col(Lease.name) == name,", f"{LEASE}::test_second_worker_waits_until_the_first_is_silent_for_the_span", 20),
    Sabotage("a worker does not ask for the lease", "quizapp/worker.py", "if not lease.take(db, lease.WORKER, holder=holder, now=now, span=SPAN):", "if False:", f"{LEASE}::test_worker_without_the_lease_closes_nothing", 20),
    Sabotage("a desk overwrites another in silence", "quizapp/invigilation/acts.py", "col(JournalEntry.id) > seen,", "col(JournalEntry.id) < 0,", "tests/invigilation/test_views.py::test_second_desk_is_told_who_acted_and_may_confirm_again", 21),
    Sabotage("any device may write", KEEPING, "AND sitting.writer = new.writer", "", f"{ACTIONS}::test_device_that_lost_the_sitting_is_told_and_changes_nothing", 21),
)  # fmt: skip

SABOTAGES = (*TIME, *DURABILITY, *CONCURRENCY)
