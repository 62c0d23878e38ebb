"""A provider of OpenID Connect that says and signs whatever a test wants."""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.utils import timezone

CLIENT_ID, CLIENT_SECRET = "oms", "a secret between two"


class SigningProvider:
    """``claims`` and ``header`` change the ID token, ``metadata`` what is published; ``asked`` are the token requests.

    A code is ``code-`` and the nonce of the sign-in; it is taken once.
    """

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.private: Any = ed25519.Ed25519PrivateKey.generate()
        self.algorithm = "EdDSA"
        self.kid = "first"
        self.claims: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.user_info: dict[str, Any] | None = None
        self.id_token: Any = self.signed
        self.challenges: dict[str, str] = {}
        self.asked: list[dict[str, str]] = []
        self.used: set[str] = set()

    def use(self, algorithm: str, kid: str = "next") -> None:
        """Sign by a new key of that kind."""
        self.algorithm, self.kid = algorithm, kid
        if algorithm == "RS256":
            self.private = rsa.generate_private_key(65537, 2048)
        elif algorithm == "ES256":
            self.private = ec.generate_private_key(ec.SECP256R1())
        else:
            self.private = ed25519.Ed25519PrivateKey.generate()

    @property
    def public_pem(self) -> bytes:
        spki = serialization.PublicFormat.SubjectPublicKeyInfo
        return bytes(self.private.public_key().public_bytes(serialization.Encoding.PEM, spki))

    def said(self, nonce: str) -> dict[str, Any]:
        """The claims of an ID token that holds, but for what the test changes; None takes one away."""
        now = int(timezone.now().timestamp())
        usual = {"iss": self.issuer, "aud": CLIENT_ID, "sub": "kim@work", "iat": now, "exp": now + 300, "nonce": nonce}
        given = {**usual, "preferred_username": "kim", **self.claims}
        return {name: value for name, value in given.items() if value is not None}

    def signed(self, nonce: str) -> str:
        return jwt.encode(self.said(nonce), self.private, self.algorithm, headers={"kid": self.kid})

    def came_back(self, address: str) -> str:
        """Where the provider would send a visitor of ``address`` who says yes there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{asked['nonce']}"
        self.challenges[code] = asked["code_challenge"]
        return f"{urlsplit(asked['redirect_uri']).path}?code={code}&state={asked['state']}"

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, Any]:
        if path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
            endpoints = {name: f"{self.issuer}/{place}" for name, place in places.items()}
            if self.user_info is not None:
                endpoints["userinfo_endpoint"] = f"{self.issuer}/userinfo"
            return 200, {"issuer": self.issuer, **endpoints, **self.metadata}
        if path == "/jwks":
            by_algorithm = {"RS256": jwt.algorithms.RSAAlgorithm, "ES256": jwt.algorithms.ECAlgorithm}
            kind = by_algorithm.get(self.algorithm, jwt.algorithms.OKPAlgorithm)
            return 200, {"keys": [json.loads(kind.to_jwk(self.private.public_key())) | {"kid": self.kid}]}
        if path == "/userinfo":
            return 200, self.user_info
        return self._tokens(form)

    def _tokens(self, form: dict[str, str]) -> tuple[int, Any]:
        self.asked.append(form)
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if form["code"] in self.used or challenge != self.challenges.get(form["code"]):
            return 400, {"error": "invalid_grant"}
        self.used.add(form["code"])
        id_token = self.id_token(form["code"].removeprefix("code-"))
        return 200, {"access_token": "an access token", "token_type": "Bearer", "id_token": id_token}


@contextmanager
def signing_provider() -> Iterator[SigningProvider]:
    """The provider, on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, answer = provider.answer(self.path, form | {"Authorization": self.headers.get("Authorization", "")})
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - http.server calls it so

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = SigningProvider(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield provider
        server.shutdown()
