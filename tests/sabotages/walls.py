"""What must not be seen, opened, taken in or moved: disclosure, access, input, results (22 to 48)."""

from __future__ import annotations

from tests.sabotages import Sabotage

CHOICE = "quizapp/exam/questions/choice.py"
QUERIES = "quizapp/sitting/queries.py"
TRUST = "tests/sitting/test_trust.py"
ERRORS = "tests/journeys/test_errors.py"
DOORS = "tests/journeys/test_doors.py"
VIEWS = "tests/sitting/test_views.py"
NUMBERS = "quizapp/exam/numbers.py"
RANKING = "quizapp/exam/ranking/ranking.py"
RANKED = "tests/exam/test_ranking.py"

DISCLOSURE = (
    Sabotage("an acknowledgement tells the key", "quizapp/sitting/express.py", '"now": now().isoformat(),\n    }', '"now": now().isoformat(),\n        "key": answers().bank(seat, seat.paper.items[0].bank).questions[0].key,\n    }', f"{TRUST}::test_acknowledgement_says_that_it_is_kept_and_no_more", 22),
    Sabotage("the page marks the right choice", CHOICE, "markup.inline(self.choices[number]), number in chosen)", 'markup.inline(self.choices[number]) + ("" if number else "<wbr>"), number in chosen)', "tests/questions/test_leaks.py::test_page_is_the_same_whatever_the_key", 22),
    Sabotage("the right choice always posts the same value", CHOICE, "Choice(str(place), markup", "Choice(str(number), markup", "tests/questions/test_leaks.py::test_page_is_the_same_whatever_the_key", 23),
    Sabotage("choices are not shuffled", CHOICE, "stream.shuffle(free)", "pass", "tests/exam/test_paper.py::test_paper_shuffles_choices_and_keeps_pins_last", 23),
    Sabotage("an acknowledgement tells the grade", "quizapp/sitting/express.py", '"now": now().isoformat(),\n    }', '"now": now().isoformat(),\n        "right": counts.response == "0",\n    }', f"{TRUST}::test_acknowledgement_says_that_it_is_kept_and_no_more", 26),
    Sabotage("a rank is told before the publication, to scripts only", "quizapp/results/own.py", 'action=(_("Mon espace"), url_for("sitting.my_page")),\n    )', 'action=(_("Mon espace"), url_for("sitting.my_page")),\n        fields={"rank": 1},\n    )', f"{ERRORS}::test_refusal_says_the_same_to_a_person_and_to_a_script", 27),
    Sabotage("a ranking is shown before it is published", "quizapp/results/own.py", "if not seeing.sights(plan, moment):", "if False:", f"{DOORS}::test_nothing_of_a_ranking_is_told_before_its_publication", 27),
    Sabotage("a personal page may be kept by a cache", "quizapp/web/headers.py", '"Cache-Control", "no-store"', '"Cache-Control", "public, max-age=600"', f"{DOORS}::test_no_cache_keeps_a_personal_page", 28),
    Sabotage("candidates may open the banks", "quizapp/banks/views.py", '@allow("author", "organiser")', '@allow("author", "organiser", "candidate")', "tests/banks/test_views.py::test_banks_are_the_staffs_alone", 29),
)  # fmt: skip

ACCESS = (
    Sabotage("a receipt is found without its person", QUERIES, "Sitting.id == sitting_id, Sitting.application_id == application_id", "Sitting.id == sitting_id", f"{VIEWS}::test_anothers_sitting_does_not_exist", 31),
    Sabotage("a paper is found without its person", QUERIES, '_SITTING.c.id == bindparam("sitting"), _SITTING.c.application_id == bindparam("application")', '_SITTING.c.id == bindparam("sitting"), bindparam("application").is_not(None)', "tests/sitting/test_heartbeat.py::test_anothers_state_does_not_exist", 31),
    Sabotage("a route without a policy is served", "quizapp/web/guard.py", "            raise RuntimeError(", "            RuntimeError(", "tests/house/test_house.py::test_route_without_a_policy_keeps_the_application_from_starting", 32),
    Sabotage("whoever has signed in may open everything", "quizapp/web/guard.py", "(current_user.is_authenticated and allowed & current_user.roles)", "current_user.is_authenticated", "tests/journeys/test_first_round.py::test_candidate_is_refused_at_the_desk", 32),
    Sabotage("a form is heard without its token", "quizapp/app.py", "CSRFProtect(app).exempt(reporting.bp)", "(csrf := CSRFProtect(app)).exempt(reporting.bp), csrf.exempt(sitting_views.bp)", f"{DOORS}::test_no_form_is_heard_without_its_token", 33),
    Sabotage("a script's post is heard without its token", "quizapp/app.py", "CSRFProtect(app).exempt(reporting.bp)", "(csrf := CSRFProtect(app)).exempt(reporting.bp), csrf.exempt(helping.bp)", f"{DOORS}::test_no_form_is_heard_without_its_token", 33),
    Sabotage("reading a page changes something", "quizapp/sitting/views.py", '@bp.post("/composition/<int:sitting_id>/ici")', '@bp.route("/composition/<int:sitting_id>/ici", methods=["GET", "POST"])', f"{DOORS}::test_reading_changes_nothing", 34),
    Sabotage("a candidate's old session lives on after signing in", "quizapp/contests/views.py", "    session.clear()\n    login_user(person)", "    login_user(person)", f"{DOORS}::test_session_before_signing_in_is_not_the_session_after", 35),
    Sabotage("the staff's old session lives on after signing in", "quizapp/people/views.py", "    session.clear()\n    login_user(person)", "    login_user(person)", f"{DOORS}::test_session_before_signing_in_is_not_the_session_after", 35),
    Sabotage("signing in leads to any address", "quizapp/web/guard.py", 'target.startswith("/") and not target.startswith(("//", "/\\\\"))', "True", f"{DOORS}::test_signing_in_never_leads_to_another_site", 37),
    Sabotage("an unknown address is told apart", "quizapp/people/views.py", '[_("Adresse ou mot de passe incorrect.")]', '[_("Adresse ou mot de passe incorrect.") if queries.staff_by_email(reading(), form.email.data) else _("Adresse inconnue.")]', f"{DOORS}::test_unknown_address_is_answered_as_a_wrong_password", 39),
    Sabotage("an unknown address costs no time", "quizapp/people/actions.py", "_hasher.verify(staff.password if staff else _NOBODY, password)", "_hasher.verify(staff.password, password) if staff else None", f"{DOORS}::test_unknown_address_is_answered_as_a_wrong_password", 39),
)  # fmt: skip

INPUT = (
    Sabotage("YAML is guessed at", "quizapp/exam/source.py", "_Reader(source, yaml.parse(text, Loader=yaml.CSafeLoader)).document()", "source.value = yaml.safe_load(text)", "tests/exam/test_source.py::test_scalars_stay_what_the_author_wrote", 40),
    Sabotage("an author's HTML is let through", "quizapp/exam/markup.py", '{"html": False}', '{"html": True}', "tests/exam/test_markup.py::test_html_of_an_author_is_shown_as_it_was_typed", 43),
    Sabotage("HTML is not cleaned", "quizapp/exam/markup.py", 'clean = nh3.clean(text, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "mailto"})', "clean = text", "tests/exam/test_markup.py::test_link_leads_to_https_or_a_mailbox", 43),
    Sabotage("a spreadsheet runs a name", "quizapp/downloads/writers.py", "f\"'{text}\" if text.startswith(_FORMULA) else text", "text", "tests/downloads/test_formulas.py::test_no_cell_is_a_formula", 44),
    Sabotage("a workbook runs a name", "quizapp/downloads/writers.py", "page.write_string(line, at, value)", '(page.write_formula if value.startswith("=") else page.write_string)(line, at, value)', "tests/downloads/test_formulas.py::test_no_cell_is_a_formula", 44),
    Sabotage("answers are read as floats", NUMBERS, "return Decimal(plain)", "return Decimal(float(plain))", "tests/exam/test_estimates.py::test_number_reads_what_people_write", 45),
    Sabotage("any digits are a number", NUMBERS, '_NUMBER = re.compile(r"[+-]?\\d{1,15}(\\.\\d{1,6})?", re.ASCII)', '_NUMBER = re.compile(r"[+-]?\\d{1,15}(\\.\\d{1,6})?")', "tests/exam/test_estimates.py::test_number_refuses_what_people_do_not_mean", 45),
    Sabotage("what a script adds is taken in", "quizapp/sitting/forms.py", 'extra="forbid"', 'extra="allow"', f"{VIEWS}::test_what_cannot_be_an_answer_is_refused", 46),
    Sabotage("a form says who applies", "quizapp/contests/views.py", "email=form.email.data,\n", 'email=request.form.get("number") or form.email.data,\n', f"{DOORS}::test_what_a_form_adds_is_not_heard", 46),
)  # fmt: skip

RESULTS = (
    Sabotage("grading is not all or nothing", "quizapp/results/actions.py", "    db.exec(delete(Score).where(col(Score.sitting_id).in_(of_stage)))\n", "    db.exec(delete(Score).where(col(Score.sitting_id).in_(of_stage)))\n    db.connection().commit()\n", "tests/results/test_grading.py::test_grading_that_fails_leaves_every_score", 47),
    Sabotage("an excluded candidate is ranked", "quizapp/results/ranking.py", ".where(Sitting.stage_id == plan.id, col(Exclusion.id).is_(None))", ".where(Sitting.stage_id == plan.id)", "tests/invigilation/test_actions.py::test_excluded_candidate_is_out_of_the_ranking_and_listed_with_the_reason", 0, "results"),
    Sabotage("late answers are graded", "quizapp/results/lateness.py", "or_(~col(Answer.late), col(LateAcceptance.id).is_not(None)),", "", "tests/results/test_grading.py::test_late_answer_earns_nothing", 0, "results"),
    Sabotage("equals are parted by their number", RANKING, "key=merit_of), key=merit_of):", "key=merit_of), key=lambda index: (merit_of(index), given[index].number)):", f"{RANKED}::test_rank_gives_equals_the_same_rank_and_skips_the_next", 48),
    Sabotage("equals follow the order of the rows", RANKING, "together.sort(key=among_equals)", "pass", f"{RANKED}::test_rank_does_not_depend_on_the_order_of_the_list", 48),
    Sabotage("a pause counts as time of composing", "quizapp/exam/ranking/entries.py", "return ended - started - sum(stood, timedelta(0))", "return ended - started", "tests/results/test_grading.py::test_pause_is_no_time_of_composing", 0, "results"),
)  # fmt: skip

SABOTAGES = (*DISCLOSURE, *ACCESS, *INPUT, *RESULTS)
