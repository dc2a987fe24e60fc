"""A project on the backend of onecross, or on ENGINE; in memory, or in the file DATABASE."""

import os

DATABASE = os.environ.get("DATABASE", ":memory:")
DATABASES = {
    "default": {
        "ENGINE": os.environ.get("ENGINE", "onecross.sql.django"),
        "NAME": DATABASE,
        # Where tests have their own: in memory, unless the project is in a file.
        "TEST": {"NAME": None if DATABASE == ":memory:" else f"{DATABASE}-test"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "library"]
ROOT_URLCONF = "library.urls"
SECRET_KEY = "known to everybody"
STATIC_URL = "static/"
USE_TZ = True
