"""A project of Django's, for all tests that need one: a process has only one."""

from functools import cache

import django
from django.conf import settings


@cache
def set_up() -> None:
    """Set Django up, unless that was done."""
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING_CONFIG=None,
        TEMPLATES=[],
        USE_TZ=True,
    )
    django.setup()
