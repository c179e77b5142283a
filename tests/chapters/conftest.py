import pytest

pytest.register_assert_rewrite("accessibility", "chapters")

from chapters import SLUGS  # noqa: E402 - once its assertions are to be rewritten


@pytest.fixture(params=SLUGS)
def slug(request):
    """The slug of each chapter in turn."""
    return request.param
