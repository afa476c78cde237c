"""An OpenID provider: a real HTTP server that signs real tokens, and can be told to lie."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

CLIENT_ID = "vestibule"
CLIENT_SECRET = "a secret of this client"
Claims = dict[str, Any]


def new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(key: RSAPrivateKey, kid: str) -> dict[str, Any]:
    described: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**described, "kid": kid, "use": "sig", "alg": "RS256"}


@dataclass
class OidcProvider:
    """Signs in whoever comes, as the person in `claims`."""

    claims: Claims = field(default_factory=dict)
    change: Callable[[Claims], Claims] = lambda claims: claims
    """What a lie makes of the right claims."""
    sign: Callable[[Claims], str] | None = None
    """Another way of signing than the right one."""
    issuer_in_discovery: str | None = None
    key: RSAPrivateKey = field(default_factory=new_key)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._get(self)

            def do_POST(self) -> None:
                provider._post(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _get(self, to: BaseHTTPRequestHandler) -> None:
        address = urlsplit(to.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path == "/.well-known/openid-configuration":
            answer(to, 200, self._description())
        elif address.path == "/jwks":
            answer(to, 200, {"keys": [public_jwk(self.key, "k1")]})
        elif address.path == "/authorize" and asked["code_challenge_method"] == "S256":
            code = secrets.token_urlsafe(16)
            self._codes[code] = asked
            back = {"code": code, "state": asked["state"], "iss": self.issuer}
            to.send_response(302)
            to.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
            to.end_headers()
        else:
            answer(to, 404, {})

    def _description(self) -> dict[str, str]:
        return {
            "issuer": self.issuer_in_discovery or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        }

    def _post(self, to: BaseHTTPRequestHandler) -> None:
        length = int(to.headers["Content-Length"])
        form = {name: each[0] for name, each in parse_qs(to.rfile.read(length).decode()).items()}
        asked = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_right = (
            asked is not None
            and proof == asked["code_challenge"]
            and form["redirect_uri"] == asked["redirect_uri"]
            and (form["client_id"], form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
        )
        if asked is None or not is_right:
            answer(to, 400, {"error": "invalid_grant"})
            return
        now = int(time.time())
        right = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        claims = self.change({**right, "nonce": asked["nonce"], **self.claims})
        token = self.sign(claims) if self.sign else self.signed(claims)
        answer(to, 200, {"id_token": token, "access_token": "unused", "token_type": "Bearer"})

    def signed(self, claims: Claims, *, key: RSAPrivateKey | None = None) -> str:
        """A token as the provider signs it, or with another key under the same name."""
        return jwt.encode(claims, key or self.key, algorithm="RS256", headers={"kid": "k1"})


def answer(to: BaseHTTPRequestHandler, status: int, said: Any) -> None:
    content = json.dumps(said).encode()
    to.send_response(status)
    to.send_header("Content-Type", "application/json")
    to.send_header("Content-Length", str(len(content)))
    to.end_headers()
    to.wfile.write(content)
