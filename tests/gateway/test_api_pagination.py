import pytest
from django.contrib.auth.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups():
    return Group.objects.bulk_create(Group(name=f"{number:03}") for number in range(120))


def test_a_list_comes_in_pages_of_fifty(client, groups):
    first = client.get("/api/list/").json()
    assert first["count"] == 120
    assert first["previous"] is None
    assert [row["name"] for row in first["results"]] == [f"{number:03}" for number in range(50)]
    assert client.get(first["next"]).json()["results"][0]["name"] == "050"


def test_a_page_is_as_long_as_asked_up_to_five_hundred(client, groups):
    assert len(client.get("/api/list/?limit=120").json()["results"]) == 120
    Group.objects.bulk_create(Group(name=f"more {number}") for number in range(400))
    assert len(client.get("/api/list/?limit=500").json()["results"]) == 500


def test_a_feed_goes_on_where_it_stopped_though_newer_rows_arrive(client, groups):
    first = client.get("/api/feed/?limit=10").json()
    Group.objects.create(name="newer")
    second = client.get(first["next"]).json()
    assert [row["name"] for row in first["results"] + second["results"]] == [
        f"{number:03}" for number in range(119, 99, -1)
    ]


@pytest.mark.parametrize(
    "query",
    ["list/?limit=0", "list/?limit=501", "list/?limit=x", "list/?limit=", "list/?limit=²", "list/?offset=-1",
     "list/?offset=x", "list/?offset=99999999999999999999", "feed/?limit=0", "feed/?limit=501", "feed/?cursor=nonsense",
     "feed/?cursor=cD1hYmM=", "feed/?cursor=cD0lMDA="],
)  # fmt: skip
def test_a_page_that_is_none_is_400_and_names_the_parameter(client, groups, query):
    response = client.get(f"/api/{query}")
    assert response.status_code == 400
    parameter = query.partition("?")[2].partition("=")[0]
    assert [error["field"] for error in response.json()["errors"]] == [f"?{parameter}"]


def test_an_offset_that_is_too_large_is_told_how_large_it_may_be(client, groups):
    assert client.get(f"/api/list/?offset={10**18 - 1}").json()["results"] == []
    [error] = client.get(f"/api/list/?offset={10**22}").json()["errors"]
    assert error["message"] == "This must be a whole number from 0 to 999999999999999999."
