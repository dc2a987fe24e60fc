"""A project of Django's, for all tests that need one: a process has only one."""

from functools import cache

import django
from django.conf import settings

from onecross.graphql._line import IS_3_3


@cache
def set_up() -> None:
    """Set Django up, unless that was done."""
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[] if IS_3_3 else ["graphene_django"],
        LOGGING_CONFIG=None,
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        USE_TZ=True,
    )
    django.setup()
