"""One schema behind two views: that of graphene-django, and that of onecross."""

import graphene
from django.urls import path
from graphene_django.views import GraphQLView

from library.types import Query
from onecross.graphql.graphene_django import JsonView


class JsonGraphQLView(JsonView, GraphQLView):
    """A view that executes by plans, and sends what the engine wrote."""


schema = graphene.Schema(Query)

urlpatterns = [
    path("graphene", GraphQLView.as_view(schema=schema)),
    path("onecross", JsonGraphQLView.as_view(schema=schema)),
]
