"""What Django itself refuses, in the form of whoever asks."""

from django.test import RequestFactory

from gateway.views import bad_request, csrf_failure


def test_a_missing_csrf_token_is_a_page_for_a_person_and_a_problem_for_a_program(rf: RequestFactory):
    page = csrf_failure(rf.post("/console/"), reason="no cookie")
    assert page.status_code == 403
    assert b"load the page again" in page.content
    problem = csrf_failure(rf.post("/api/x/"))
    assert problem.status_code == 403
    assert b"urn:oms:problem:csrf-failed" in problem.content


def test_whatever_django_calls_a_bad_request_is_one(rf: RequestFactory):
    assert bad_request(rf.get("/api/x/"), ValueError("odd")).status_code == 400


def test_a_page_speaks_the_reader_s_language(client):
    response = client.get("/nowhere/", headers={"accept-language": "ko"})
    assert 'lang="ko"' in response.text
