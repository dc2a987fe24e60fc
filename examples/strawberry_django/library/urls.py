"""One schema behind two views: that of Strawberry, and that of onecross."""

import strawberry
from django.urls import path
from strawberry.django.views import GraphQLView
from strawberry_django.optimizer import DjangoOptimizerExtension

from library.types import Query
from onecross.graphql.strawberry import JsonView, Schema


class JsonGraphQLView(JsonView, GraphQLView):
    """A view that sends what the engine wrote."""


by_strawberry = strawberry.Schema(Query, extensions=[DjangoOptimizerExtension])
by_onecross = Schema(Query, extensions=[DjangoOptimizerExtension])

urlpatterns = [
    path("strawberry", GraphQLView.as_view(schema=by_strawberry)),
    path("onecross", JsonGraphQLView.as_view(schema=by_onecross)),
]
