import pytest

from gateway.engine.json_pointer import pointer, tokens


@pytest.mark.parametrize(
    ("path", "given", "expected"),
    [("", (), ""), ("", ("a", 0), "/a/0"), ("/x", ("a/b~c", 3), "/x/a~1b~0c/3"), ("", ("",), "/")],
)
def test_tokens_are_escaped_as_rfc_6901_says(path, given, expected):
    assert pointer(path, *given) == expected
    assert tokens(expected) == [*tokens(path), *map(str, given)]
