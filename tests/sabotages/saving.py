"""The one statement that keeps answers, the writer, and the pass of a page."""

from __future__ import annotations

from tests.sabotages import Sabotage

KEEPING = "quizapp/sitting/keeping.py"
ACTIONS = "tests/sitting/test_actions.py"
VIEWS = "tests/sitting/test_views.py"

SABOTAGES = (
    Sabotage("a closed sitting takes answers", KEEPING, "sitting.closed_at IS NULL AND", "", f"{ACTIONS}::test_answer_after_handing_in_is_only_evidence", room="saving"),
    Sabotage("a revoked access may write", KEEPING, "AND application.stamp = new.stamp", "", f"{ACTIONS}::test_revoked_access_can_save_nothing", room="saving"),
    Sabotage("another's sitting takes answers", KEEPING, " AND sitting.application_id = new.application", "", "tests/sitting/test_trust.py::test_statement_that_keeps_answers_asks_whose_sitting_it_is", room="saving"),
    Sabotage("a refused row is acknowledged", KEEPING, "elif version.sitting in kept:", "elif True:", f"{ACTIONS}::test_answer_from_a_stale_tab_is_refused_and_changes_nothing", room="saving"),
    Sabotage("no grace", KEEPING, "floor = at - version.grace", "floor = at", f"{ACTIONS}::test_grace_is_included_and_what_comes_later_is_only_evidence", room="saving"),
    Sabotage("links leave out the one before", KEEPING, "COALESCE(last.link, new.root) ||", "new.root ||", f"{ACTIONS}::test_versions_of_a_sitting_form_a_chain", room="saving"),
    Sabotage("writers do not take turns", "quizapp/kit/store.py", "fcntl.flock(self._held, fcntl.LOCK_EX)", "pass", "tests/kit/test_store.py::test_second_store_of_a_file_waits_for_its_turn", room="saving"),
    Sabotage("a forged pass is accepted", "quizapp/sitting/passes.py", "not hmac.compare_digest(mac, _mac(secret, said))", "not mac", f"{VIEWS}::test_answer_without_the_pass_of_this_page_is_refused", room="saving"),
    Sabotage("a pass opens every sitting", "quizapp/sitting/express.py", "holder.sitting != sitting_id", "False", VIEWS, room="saving"),
)  # fmt: skip
