from django.urls import path

from tests.gateway.test_graphql import SmallGraphQLView

handler404 = "gateway.views.page_not_found"
urlpatterns = [path("graphql/", SmallGraphQLView.as_view())]
