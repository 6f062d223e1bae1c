"""The invigilator’s desk: who reaches whom, what is said to whom, what is done once and undone."""

from __future__ import annotations

from tests.sabotages import Sabotage as _Sabotage

ACTS = "quizapp/invigilation/acts.py"
ACTING = "quizapp/invigilation/acting.py"
DID = "tests/invigilation/test_actions.py"
VIEWS = "tests/invigilation/test_views.py"
REACH = "tests/invigilation/test_reach.py"
PRESSES = "tests/invigilation/test_presses.py"
LIMITED = f"{VIEWS}::test_invigilator_of_a_city_sees_and_reaches_that_city_alone"
TIMING = "tests/sitting/test_timing.py"
REPORTING = "quizapp/invigilation/reporting.py"
REPORTED = "tests/invigilation/test_reporting.py"


def _row(name: str, file: str, old: str, new: str, tests: str) -> _Sabotage:
    return _Sabotage(name, file, old, new, tests, room="desk")


SABOTAGES = (
    _row("a desk of a city sees everyone", "quizapp/invigilation/desk.py", "return Limit(*staff.limit_of(reading(), current_user.id))", "return UNLIMITED", LIMITED),
    _row("a number reaches beyond the desk's city", "quizapp/invigilation/wall.py", "chosen = Filter(limit=chosen.limit)", "chosen = Filter()", f"{REACH}::test_desk_of_a_city_acts_on_nobody_else"),
    _row("a desk answers another city's request", "quizapp/invigilation/talking.py", "found = queries.report_by_code(db, plan, code, limit()) or abort(404)", "found = queries.report_by_code(db, plan, code) or abort(404)", f"{REACH}::test_desk_of_a_city_acts_on_nobody_else"),
    _row("a desk takes back another city's time", "quizapp/invigilation/lists.py", "    if not all(in_hand(one, mine) for one in gift.scopes):\n        abort(404)\n", "", f"{REACH}::test_desk_of_a_city_takes_back_nothing_given_beyond_it"),
    _row("a desk takes back what was said to others", "quizapp/invigilation/talking.py", "    if not in_hand(row.scope, limit()):\n        abort(404)\n", "", f"{REACH}::test_desk_of_a_city_takes_back_nothing_given_beyond_it"),
    _row("what is for everyone is in the hand of one city", "quizapp/invigilation/desk.py", "scope.kind not in _WIDER[bool(mine.city)] and in_reach(scope, mine)", "in_reach(scope, mine)", f"{REACH}::test_desk_of_a_city_takes_back_nothing_given_beyond_it"),
    _row("candidates may open the desk", "quizapp/invigilation/desk.py", 'STAFF = ("organiser", "invigilator")', 'STAFF = ("organiser", "invigilator", "candidate")', f"{VIEWS}::test_no_page_opens_for_candidates_and_strangers"),
    _row("an invigilator may exclude", ACTING, "_ORGANISER_ONLY = frozenset({Act.EXCLUDE, Act.READMIT})", "_ORGANISER_ONLY = frozenset()", f"{VIEWS}::test_every_page_opens_for_those_who_work_here"),
    _row("an act needs no reason", "quizapp/web/fields.py", "        filters=[_tidy],\n        validators=[DataRequired(missing), Length", "        filters=[_tidy],\n        validators=[Length", f"{VIEWS}::test_act_shows_its_effect_first_and_needs_a_reason"),
    _row("time is given to all who compose", "quizapp/sitting/times.py", "for one in scopes for grant in given.get(one, ())", "for some in given.values() for grant in some", f"{TIMING}::test_extension_holds_for_those_who_have_not_begun"),
    _row("time that was taken back counts", "quizapp/sitting/times.py", ".where(TimeGrant.stage_id == plan.id, col(TimeGrant.undone_at).is_(None))", ".where(TimeGrant.stage_id == plan.id)", f"{VIEWS}::test_given_time_is_taken_back_with_a_reason"),
    _row("time is taken back twice", "quizapp/sitting/timing.py", "    if grant.undone_at is not None:\n", "    if False:\n", f"{TIMING}::test_extensions_add_up_and_one_is_taken_back"),
    _row("time taken back ends somebody in the past", "quizapp/sitting/retiming.py", "return max(end or stands, min(stands, latest))", "return end or stands", f"{TIMING}::test_extension_taken_back_ends_nobody_in_the_past"),
    _row("a closed stage still gives time", "quizapp/sitting/retiming.py", "    if closed is not None:\n", "    if False:\n", f"{TIMING}::test_closed_stage_has_no_more_time_to_give"),
    _row("an announcement goes to everyone", "quizapp/invigilation/scopes.py", "and_(kind == one.value, col(Message.scope_target) == target)", "kind == one.value", f"{DID}::test_announcement_reaches_its_scope_and_nobody_else"),
    _row("a private answer goes to everyone", "quizapp/invigilation/actions.py", "scope = Scope(ScopeKind.PERSON, str(row.application_id))", 'scope = Scope(ScopeKind("everyone"))', f"{VIEWS}::test_question_is_answered_in_private_and_once"),
    _row("a message taken back is still told", "quizapp/invigilation/queries.py", "Sitting.id == sitting_id, col(Message.withdrawn_at).is_(None), scopes", "Sitting.id == sitting_id, scopes", f"{DID}::test_message_taken_back_is_not_told_any_more_and_stays_on_record"),
    _row("a request is answered twice", "quizapp/invigilation/actions.py", "    if row.settled_at is not None:\n        raise SettledError\n", "", f"{VIEWS}::test_question_is_answered_in_private_and_once"),
    _row("an incident pressed twice is two", "quizapp/invigilation/actions.py", "code=code, key=key, application_id", "code=code, key=code, application_id", f"{DID}::test_report_delivered_twice_is_kept_once_and_answered_once_in_private"),
    _row("the desk sees what was answered", "quizapp/invigilation/timeline.py", 'yield Event(every[0].received_at, "reponses", text)', 'yield Event(every[0].received_at, "reponses", f"{text} {every[0].response}")', f"{REACH}::test_desk_sees_neither_answers_nor_marks"),
    _row("only the first fifty are done", ACTING, "for start in range(0, len(people), acts.AT_ONCE):", "for start in range(0, min(len(people), 1), acts.AT_ONCE):", f"{PRESSES}::test_act_on_more_than_fifty_is_done_to_each_once"),
    _row("a batch overwrites another desk", ACTING, "what, some, terms, seen=seen", "what, some, terms, seen=acts.version(db)", f"{PRESSES}::test_desk_that_acts_between_two_batches_is_not_overwritten"),
    _row("a message pressed twice is two", ACTING, "if not acts.arrives(db, plan.id, key=key, now=terms.now):", "if False:", f"{PRESSES}::test_message_pressed_twice_is_sent_once"),
    _row("reading the paper is no sign of life", "quizapp/sitting/views.py", "    heartbeat.note(sitting_id, at)  # a page without a script asks nothing by itself\n", "", "tests/sitting/test_heartbeat.py::test_reading_the_paper_is_a_sign_of_life"),
    _row("a browser's report keeps any text", REPORTING, "    return place if known else ELSEWHERE", "    return place[:80]", f"{REPORTED}::test_no_text_of_a_page_is_kept"),
    _row("a flood of reports reaches the database", REPORTING, 'if found and sieve.take(request.remote_addr or "", 1, now=now()):', "if found:", f"{REPORTED}::test_flood_of_reports_is_let_through_in_part"),
)  # fmt: skip
