"""The application's templates, for whoever looks at a question's fields."""

from collections.abc import Iterator

import pytest

from quizapp.app import create_app
from quizapp.settings import Settings
from tests import world


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A request in French; there is no database behind it."""
    app = create_app(
        Settings(
            instance=tmp_path_factory.mktemp("q"), secret_key=world.SECRET.decode(), testing=True
        )
    )
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        yield
