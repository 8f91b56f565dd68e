"""A signing service that speaks the CSC API, for tests: it really signs, with a key of its own.

As a program: ``python -m tests.plans.signing.engine.csc_server KEY.p12`` prints its port and serves
until its standard input ends. The credential ``c1`` works, ``shut`` is disabled, ``odd`` signs
something else, ``garbage`` answers with nonsense.
"""

import base64
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

TOKEN, PIN, SAD = "open-sesame", "246810", "leave-to-sign"
_SHA256 = "2.16.840.1.101.3.4.2.1"

_WORDS = {"v1": ("hash", "hashAlgo"), "v2": ("hashes", "hashAlgorithmOID")}


class Refusal(Exception):
    """The service says no."""


class Service(BaseHTTPRequestHandler):
    """Answers the three questions that signing one digest takes."""

    key: Any
    certificates: tuple[bytes, ...]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        _csc, version, *what = self.path.strip("/").split("/")
        try:
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                raise Refusal("not logged in")
            asked = json.loads(body)
            if asked["credentialID"] == "garbage":
                self._answer(200, b"<p>Hello</p>")
                return
            self._answer(200, json.dumps(self._answer_to("/".join(what), version, asked)).encode())
        except Refusal as error:
            said = {"error": "invalid_request", "error_description": str(error)}
            self._answer(400, json.dumps(said).encode())

    def _answer_to(self, what: str, version: str, asked: dict[str, Any]) -> dict[str, Any]:
        hashed, algorithm = (
            ("hash", "hashAlgo") if version == "v1" else ("hashes", "hashAlgorithmOID")
        )
        if what == "credentials/info":
            status = "disabled" if asked["credentialID"] == "shut" else "enabled"
            chain = [base64.b64encode(der).decode() for der in self.certificates]
            return {"key": {"status": status}, "cert": {"certificates": chain}}
        if asked[algorithm] != _SHA256 or len(asked[hashed]) != 1:
            raise Refusal("one SHA-256 digest, please")
        if what == "credentials/authorize":
            pin = asked.get("PIN") if version == "v1" else asked["authData"][0]["value"]
            if pin != PIN:
                raise Refusal("wrong PIN")
            return {"SAD": SAD}
        if what != "signatures/signHash" or asked["SAD"] != SAD:
            raise Refusal("no leave to sign")
        digest = base64.b64decode(asked[hashed][0])
        signature = self._signed(bytes(32) if asked["credentialID"] == "odd" else digest)
        return {"signatures": [base64.b64encode(signature).decode()]}

    def _signed(self, digest: bytes) -> bytes:
        hashed = utils.Prehashed(hashes.SHA256())
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(digest, padding.PKCS1v15(), hashed)
        assert isinstance(self.key, ec.EllipticCurvePrivateKey)
        return self.key.sign(digest, ec.ECDSA(hashed))

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def main(path: str) -> None:
    key, certificate, chain = pkcs12.load_key_and_certificates(Path(path).read_bytes(), None)
    assert certificate is not None
    Service.key = key
    Service.certificates = tuple(
        found.public_bytes(Encoding.DER) for found in (certificate, *chain)
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    sys.stdin.read()  # until whoever started it ends or says so
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
