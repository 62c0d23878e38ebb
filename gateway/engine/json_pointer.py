"""JSON pointers (RFC 6901): where in a document something stands."""


def pointer(path: str, *tokens: str | int) -> str:
    """``path`` extended by reference tokens, each escaped."""
    return path + "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def tokens(path: str) -> list[str]:
    """The reference tokens of a pointer, as they are written in it before escaping."""
    return [token.replace("~1", "/").replace("~0", "~") for token in path.split("/")[1:]]
