"""What the rooms add: paces, late answers, likeness, access, facts, formats, corrections, practice."""

from __future__ import annotations

from tests.sabotages import Sabotage

KEEPING = "quizapp/sitting/keeping.py"
XML = "quizapp/exam/formats/xml.py"
ARCHIVES = "quizapp/exam/formats/archives.py"
HOSTILE = "tests/exam/formats/test_hostile.py"
COUNTING = "quizapp/exam/counting.py"
ACCEPTING = "quizapp/results/accepting.py"
LATE = "tests/results/test_late.py"
ALIKE = "quizapp/exam/collusion.py"
ADMISSION = "quizapp/exam/admission.py"
PACING = "tests/sitting/test_pacing.py"
PACE = "tests/exam/test_pace.py"
WALK = "tests/sitting/test_walk.py"
CORRECTING = "tests/results/test_correcting.py"
REGRADING = "tests/results/test_regrading.py"
OWN = "tests/results/test_own.py"
DRAWING = "tests/results/test_drawing.py"
PRACTICE = "tests/sitting/test_practice.py"
PREFLIGHT = "tests/sitting/test_preflight.py"
REHEARSE = "tests/cli/test_rehearse.py"
PARTS = "tests/exam/test_rescue_parts.py"

SABOTAGES = (
    Sabotage("a question's own end is not checked", KEEPING, "AND COALESCE(sitting.open_until, sitting.ends_at) >= new.floor", "", PACING),
    Sabotage("a question left behind takes answers", KEEPING, "new.item BETWEEN sitting.open_first AND sitting.open_last", "new.item <= sitting.open_last", PACING),
    Sabotage("a question not yet open takes answers", KEEPING, "new.item BETWEEN sitting.open_first AND sitting.open_last", "new.item >= sitting.open_first", PACING),
    Sabotage("a double click skips a question", "quizapp/sitting/pacing.py", "step is None or pace.place(here) != leaving or", "step is None or", PACING),
    Sabotage("a pause is not given back to the question", "quizapp/exam/pace.py", "own.allowance) + stood", "own.allowance)", PACE),
    Sabotage("an allowance forgets the questions", "quizapp/exam/pace.py", "begun + lasts + allowed(lasts, own.allowance)", "begun + lasts", PACE),
    Sabotage("an extension lengthens a part left or to come", "quizapp/exam/pace.py", "own.extended(since)", "own.extension", PACE),
    Sabotage("reloading gives the question's time back", "quizapp/sitting/pacing.py", "if step is None or pace.place(here) != leaving", "if step is None", WALK),
    Sabotage("the page brings questions that are not open", "quizapp/sitting/pages.py", "items[step.first - 1 : step.last] if step else items", "items", WALK),
    Sabotage("an act on time forgets what is open", "quizapp/sitting/retiming.py", "renewed = pace.opened(owns[person], opened[number]).until", "renewed = until", PACING),
    Sabotage("a document type is read", XML, "prolog.StartDoctypeDeclHandler = declared", "pass", HOSTILE),
    Sabotage("paths may leave a package", ARCHIVES, 'if ".." in name.split("/"):', "if False:", HOSTILE),
    Sabotage("links in a package are followed", ARCHIVES, "if stat.S_ISLNK(member.external_attr >> 16):", "if False:", HOSTILE),
    Sabotage("a bomb is opened", ARCHIVES, "MAX_RATIO = 100", "MAX_RATIO = 1_000_000", HOSTILE),
    Sabotage("scripts are left out in silence", "quizapp/exam/formats/prose.py", "if name in _ACTIVE:", "if False:", HOSTILE),
    Sabotage("cells may be formulas", "quizapp/exam/formats/csv_table.py", "return \"'\" + cell if", "return cell if", "tests/exam/formats/test_reading_others.py"),
    Sabotage("keys are lost in silence", "quizapp/exam/formats/base.py", "if key not in self.common | carries:", "if False:", "tests/exam/formats/test_round_trip.py"),
    Sabotage("late: an answer counts unaccepted", COUNTING, "if not one.late or in_turn:", "if True:", "tests/exam/test_counting.py"),
    Sabotage("late: an older answer replaces a newer one", COUNTING, "known.seq < one.seq", "True", "tests/exam/test_counting.py"),
    Sabotage("late: two desks overwrite each other", ACCEPTING, "if case.state != seen:", "if False:", LATE),
    Sabotage("late: the score stays as it was", ACCEPTING, "actions.grade_stage(db, plan, now=now, only=[case.sitting.id or 0])", "pass", LATE),
    Sabotage("late: an open paper is decided on", ACCEPTING, "case is None or case.sitting.closed_at is None", "case is None", LATE),
    Sabotage("late: grading does not ask for acceptances", "quizapp/results/lateness.py", "or_(~col(Answer.late), col(LateAcceptance.id).is_not(None))", "~col(Answer.late)", LATE),
    Sabotage("late: what is confirmed is not what was shown", "quizapp/results/late.py", "if not chosen and (every := _concerned(case, act)):", "chosen = chosen or set(_concerned(case, act))\n    if not (every := chosen):", "tests/results/test_late_views.py"),
    Sabotage("alike: a pair is judged as if it were alone", ALIKE, "false_alarms=chance * compared", "false_alarms=chance", "tests/exam/test_collusion.py"),
    Sabotage("alike: the pair feeds its own estimate", ALIKE, "(alike - (2 if both else 1) + 1)", "(alike + 1)", "tests/exam/test_collusion.py"),
    Sabotage("alike: pairs are skipped that could be told", ALIKE, "-log(level / compared)", "-2 * log(level / compared)", "tests/exam/test_collusion.py"),
    Sabotage("alike: the report opens before the closing", "quizapp/results/alike.py", "if plan.row.closed_at is None:", "if False:", "tests/results/test_alike.py"),
    Sabotage("alike: a look is not written down", "quizapp/results/alike.py", '_note(plan, f"{first} {second}")', "pass", "tests/results/test_alike.py"),
    Sabotage("access: any network opens", ADMISSION, "any(one in ipaddress.ip_network(network) for network in networks)", "True", "tests/exam/test_admission.py"),
    Sabotage("access: a key for another address is accepted", ADMISSION, 'f"{url}{key}"', "key", "tests/exam/test_admission.py"),
    Sabotage("access: the paper does not ask", "quizapp/sitting/views.py", "admit(seat.access, key_of(seat))\n    heartbeat", "heartbeat", "tests/sitting/test_admission.py"),
    Sabotage("access: the start does not ask", "quizapp/sitting/lobby.py", "plan, at = _quiz(stage_key), now()\n    admit(plan.says.access, stage_key)", "plan, at = _quiz(stage_key), now()", "tests/sitting/test_admission.py"),
    Sabotage("noted: somebody else's facts", "quizapp/sitting/noticing.py", "holder is None or holder.sitting != sitting_id", "holder is None", "tests/sitting/test_noticing.py"),
    Sabotage("noted: during a pause", "quizapp/sitting/actions.py", "sitting.paused_at or sitting.closed_at", "sitting.closed_at", "tests/sitting/test_noticing.py"),
    Sabotage("an effect that changed is applied", "quizapp/results/correcting.py", "if not seen == row.basis ==", "if not row.basis ==", CORRECTING),
    Sabotage("what an effect rests on is not read again", "quizapp/results/correcting.py", "if not seen == row.basis == effects.effect(db, plan, row).basis:", "if seen != row.basis:", CORRECTING),
    Sabotage("the proposer applies alone", "quizapp/results/correcting.py", "plan.edition.two_people and by == row.by", "False", CORRECTING),
    Sabotage("a correction is applied twice", "quizapp/results/correcting.py", "if row.applied_at is not None and row.stage_id == plan.id:\n        return row\n    row = _waiting(db, plan, number)", "pass", CORRECTING),
    Sabotage("an applied correction is not graded", "quizapp/results/correcting.py", "    grade_stage(db, plan, now=now)\n", "", CORRECTING),
    Sabotage("one person checks and publishes", "quizapp/results/actions.py", "check is not None and check.by == by", "False", REGRADING),
    Sabotage("a ranking that changed counts as checked", "quizapp/results/actions.py", "publication.digest != (check.digest if check else \"\")", "check is None", REGRADING),
    Sabotage("publishing twice makes two versions", "quizapp/results/actions.py", "after is not None and last != after", "False", REGRADING),
    Sabotage("the public errata tell the key", "quizapp/results/told.py", "if question and key else", "if question else", REGRADING),
    Sabotage("the key opens with the answers", "quizapp/results/seeing.py", "question.review(item.order, answer) if Sight.KEY in opened else None", "question.review(item.order, answer)", OWN),
    Sabotage("a rank is seen before it is published", "quizapp/exam/visibility.py", "Sight.RANK: When.PUBLISHED", "Sight.RANK: When.CLOSED", "tests/exam/test_visibility.py"),
    Sabotage("a date opens before its phase", "quizapp/exam/visibility.py", "moment.has_come(_EARLIEST[sight]) and ", "", "tests/exam/test_visibility.py"),
    Sabotage("a list may follow its value", "quizapp/results/drawing.py", "known is not None and now >= known.due_at", "False", DRAWING),
    Sabotage("a value may be entered early", "quizapp/results/drawing.py", "if now < row.due_at:", "if False:", DRAWING),
    Sabotage("a draw that decides is not awaited", "quizapp/results/actions.py", "drawn.is_awaited(db, plan) and", "False and", DRAWING),
    Sabotage("practice is listed among the stages", "quizapp/contests/queries.py", "if not one.says.practice]", "]", PRACTICE),
    Sabotage("practice has a desk and results", "quizapp/contests/queries.py", "None if made.says.practice else made", "made", PRACTICE),
    Sabotage("a real paper shows its answers", "quizapp/sitting/practice.py", "if not plan.says.practice:", "if False:", PRACTICE),
    Sabotage("answers are shown before handing in", "quizapp/sitting/practice.py", "if not sitting.closed_at:", "if False:", PRACTICE),
    Sabotage("practice may use a bank of the contest", "quizapp/exam/edition_checks.py", "section.bank == own.bank", "False", PRACTICE),
    Sabotage("practice may show a question of the contest", "quizapp/banks/actions.py", "if folded(question.text) in asked", "if False", PRACTICE),
    Sabotage("practice changes once it has begun", "quizapp/contests/actions.py", "if old.practice and begun &", "if False and begun &", PRACTICE),
    Sabotage("a check names its candidate", "quizapp/sitting/checks.py", 'trace = hmac.digest(secret, said, "sha256").hex()', "trace = candidate", PREFLIGHT),
    Sabotage("a candidate's checks add up", "quizapp/sitting/checks.py", "db.exec(delete(MachineCheck).where(col(MachineCheck.trace) == trace))", "trace += str(now) + checks.storage + checks.network", PREFLIGHT),
    Sabotage("a rehearsal believes every word", "quizapp/cli/dress/verdict.py", "yield from day.seen.wrong", "yield from ()", REHEARSE),
    Sabotage("a rehearsal counts no lost answer", "quizapp/cli/dress/verdict.py", 'if row is None:\n            yield f"{where} : réponse accusée et perdue"', "if row is None:\n            continue", REHEARSE),
    Sabotage("a rehearsal lets any end pass", "quizapp/cli/dress/verdict.py", "if sitting.ends_at != due:", "if False:", REHEARSE),
    Sabotage("a missing code is not missed", "quizapp/exam/rescue_parts.py", "    if lacking:", "    if False:", PARTS),
    Sabotage("a code misread is believed", "quizapp/exam/rescue_parts.py", "hexdigest()[:8] != total", "hexdigest()[:8] == ''", PARTS),
    Sabotage("drafts: an exclusion leaves the ranking as it was", "quizapp/results/actions.py", "    rerank(db, plan)\n    return row", "    return row", "tests/results/test_drafts.py::test_publication_is_the_draft_and_stays_when_the_draft_changes"),
    Sabotage("drafts: a page begins where the one before began", "quizapp/results/drafts.py", ".offset(batch[0].skip)", ".offset(0)", "tests/results/test_drafts.py::test_pages_of_a_list_put_together_are_the_list"),
    Sabotage("drafts: groups are read in the order of ranks", "quizapp/results/drafts.py", "found = sorted(found, key=lambda row: order[row[0]])", "pass", "tests/results/test_drafts.py::test_list_names_everyone_once_group_after_group_in_order"),
    Sabotage("analysis: the excluded count", "quizapp/analysis/queries.py", "sitting.application_id not in out", "True", "tests/analysis/test_analysis.py::test_excluded_candidates_and_late_answers_are_left_out"),
    Sabotage("analysis: candidates may look", "quizapp/analysis/views.py", '@allow("organiser", "author")', '@allow("organiser", "author", "candidate")', "tests/analysis/test_analysis.py::test_pages_are_for_organisers_and_authors_once_the_stage_is_closed"),
    Sabotage("analysis: figures outlive their question", "quizapp/exam/sidecar.py", "found.meaning == meaning(question)", "True", "tests/analysis/test_analysis.py::test_file_beside_a_bank_speaks_of_the_very_question_that_was_sat"),
    Sabotage("analysis: a question is compared with itself", "quizapp/exam/statistics.py", "(points - one.points) / left", "points / maximum", "tests/exam/test_statistics.py::test_textbook_example"),
    Sabotage("print: a list of any length", "quizapp/downloads/writers.py", "if len(rows) > _PRINTED:", "if False:", "tests/downloads/test_writers.py::test_list_that_nobody_would_print_is_refused_in_words"),
    Sabotage("print: the key has the letters of another paper", "quizapp/cli/printing.py", "shown = question.show(item.order, question.key or None)", "shown = question.show(item.order[::-1], question.key or None)", "tests/cli/test_printing.py::test_every_type_is_asked_and_only_the_key_tells"),
)  # fmt: skip
