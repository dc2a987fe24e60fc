"""One page, which reads the database in the thread of a server."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from library.models import Book


def titles(request: HttpRequest) -> HttpResponse:
    return HttpResponse(",".join(Book.objects.order_by("title").values_list("title", flat=True)))


urlpatterns = [path("titles", titles)]
