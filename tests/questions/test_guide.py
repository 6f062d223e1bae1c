"""The style guide shows every type, open and reviewed."""

from tests.questions.examples import EXAMPLES


def test_style_guide_shows_every_example_twice(client):
    page = client.get("/styleguide")

    assert page.status_code == 200
    assert page.text.count('<article class="question"') == len(EXAMPLES.questions)
    assert page.text.count('<article class="question review"') == len(EXAMPLES.questions)
