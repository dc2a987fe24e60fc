"""The settings of the project."""

ALLOWED_HOSTS = ["testserver"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["graphene_django", "library"]
ROOT_URLCONF = "library.urls"
USE_TZ = True
