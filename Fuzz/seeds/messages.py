"""Messages of a device, as the agent writes them."""
import base64
import hashlib
import hmac
import json
import pathlib

from .tools import EC, base64url, new_key, pieces, run, work

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Tests/CollectorsTests/Fixtures"
AUDIENCE = "https://scorer.fuzz.test"
CHECK = "laptop"
NOW = 1_906_545_600  # 2030-06-01T12:00:00Z, the harness's clock
NONCE_KEY = bytes([1]) * 32


def number(der: bytes, at: int) -> tuple[bytes, int]:
    length = der[at + 1]
    return der[at + 2:at + 2 + length].lstrip(b"\0").rjust(32, b"\0"), at + 2 + length


def signature(key: pathlib.Path, text: bytes) -> bytes:
    der = run("openssl", "dgst", "-sha256", "-sign", str(key), data=text)
    first, end = number(der, 2)
    return first + number(der, end)[0]


def jwk(key: pathlib.Path) -> dict[str, str]:
    point = run("openssl", "ec", "-in", str(key), "-pubout", "-outform", "DER")[-64:]
    return {"crv": "P-256", "kty": "EC", "x": base64url(point[:32]), "y": base64url(point[32:])}


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()


def new_nonce() -> str:
    body = bytes([1]) + (NOW * 1_000_000).to_bytes(8, "big") + bytes(range(12))
    return base64url(body + hmac.digest(NONCE_KEY, body + AUDIENCE.encode(), "sha256")[:16])


class Device:
    """A device that writes messages as the agent does."""

    def __init__(self) -> None:
        self.key = new_key("device", EC)
        self.jwk = jwk(self.key)
        self.id = base64url(hashlib.sha256(compact(self.jwk)).digest())
        self.nonce = new_nonce()

    def header(self, kind: str, path: str, **members) -> dict[str, object]:
        return {"alg": "ES256", "nonce": self.nonce, "typ": f"postured-{kind}+jws", "url": AUDIENCE + path, **members}

    def report(self, facts: dict, checks: list) -> dict:
        return {"agent": "postured/0.1.0", "audience": AUDIENCE, "checks": checks, "collected_at": NOW,
                "device": self.id, "facts": facts, "receipt": "1.0", "schema": 2,
                "warp_ids": {"observed": {"ids": ["9ece5fab-7398-488a-a575-e25a9a3dec07"], "read_at": NOW}}}

    def message(self, payload: bytes, *headers: tuple[dict, pathlib.Path, list[bytes]]) -> bytes:
        signatures = []
        for header, key, chain in headers:
            protected = base64url(compact(header))
            made = {"protected": protected,
                    "signature": base64url(signature(key, f"{protected}.{base64url(payload)}".encode()))}
            if chain:
                made["header"] = {"x5c": [base64.b64encode(der).decode() for der in chain]}
            signatures.append(made)
        return compact({"payload": base64url(payload), "signatures": signatures})


def messages(leaf: bytes, issuing: bytes) -> tuple[Device, dict[str, dict[str, bytes]], list[bytes]]:
    device = Device()
    made: dict[str, dict[str, bytes]] = {"message": {}, "message-signed": {}, "json": {}}
    facts = {path.parent.name: json.loads(path.read_text()) for path in sorted(FIXTURES.glob("*/facts.json"))}
    fingerprint = base64url(hashlib.sha256(leaf).digest())
    own = device.header("report", "/v1/reports", role="device", kid=device.id)
    proof = {**device.header("report", "/v1/reports", role=CHECK), "x5t#S256": fingerprint}
    found = {"private_key": "present", "sha256": fingerprint}
    shown = {**found, "x5c": [base64.b64encode(der).decode() for der in (leaf, issuing)]}
    locked = {**shown, "private_key": "unreadable", "private_key_unreadable": "locked"}
    payloads = []

    def say(name: str, payload: bytes, *headers: tuple[dict, pathlib.Path, list[bytes]]) -> None:
        payloads.append(payload)
        made["message"][name] = device.message(payload, *headers)
        parts = [payload] + [part for header, _, ders in headers for part in (compact(header), *ders)]
        # The harness signs these with a key that it makes at its start, and puts in what goes with it.
        for old, new in ((device.id, "%DEVICE%"), (compact(device.jwk).decode(), "%KEY%"), (fingerprint, "%LEAF%")):
            parts = [part.replace(old.encode(), new.encode()) for part in parts]
        made["message-signed"][name] = pieces(*parts)

    # The name of the leaf, but for the domain.
    some = {**facts["laptop-warp"], "kernel_hostname": {"observed": "laptop-1"}}
    findings = {"proven": found, "absent": {**shown, "private_key": "absent"}, "present": shown, "locked": locked}
    for name, finding in findings.items():
        others = [{"id": "named", "certificate": {"found": shown}}] if name == "present" else []
        payload = compact(device.report(some, [{"id": CHECK, "certificate": {"found": finding}}, *others]))
        proofs = [(proof, work / "leaf.key", [leaf, issuing])] if name == "proven" else []
        say(f"report-{name}", payload, (own, device.key, []), *proofs)
    for name, each in facts.items():
        made["json"][f"report-{name}"] = compact(device.report(each, [
            {"id": CHECK, "certificate": {"not_found": "none"}}, {"id": "b", "certificate": {"unreadable": "locked"}},
            {"id": "c", "certificate": {"found": {**locked, "x5c": ["AQID", "//79"]}}}]))
    payload = compact({"audience": AUDIENCE, "device": device.id, "token": "pet_not-a-token"})
    registering = device.header("registration", "/v1/devices", role="device", jwk=device.jwk)
    proving = {**device.header("registration", "/v1/devices", role=CHECK), "x5t#S256": fingerprint}
    say("registration", payload, (registering, device.key, []), (proving, work / "leaf.key", [leaf, issuing]))
    say("own-record", b"", (device.header("own-record", "/v1/devices/self", role="device", kid=device.id), device.key, []))
    retiring = device.header("retirement", "/v1/devices/self/retirement", role="device", kid=device.id)
    retirement = compact({"audience": AUDIENCE, "device": device.id})
    say("retirement", retirement, (retiring, device.key, []))
    new = new_key("new-device", EC)
    replacement = compact({"audience": AUDIENCE, "device": device.id, "key": jwk(new)})
    path = "/v1/devices/self/key"
    say("key-replacement", replacement,
        (device.header("key-replacement", path, role="device", kid=device.id), device.key, []),
        (device.header("key-replacement", path, role="new-device-key", jwk=jwk(new)), new, []))
    key = new_key("rsa-jwk", "rsa:2048")
    modulus = int(run("openssl", "rsa", "-in", str(key), "-noout", "-modulus").split(b"=")[1], 16)
    made["json"] |= {
        "registration": payload, "retirement": retirement, "key-replacement": replacement,
        "header": compact(registering), "proof-header": compact(proof),
        "key-ec": compact(device.jwk),
        "key-rsa": compact({"kty": "RSA", "n": base64url(modulus.to_bytes(256, "big")), "e": "AQAB"}),
        "answer": compact({"device": device.id, "receipt": "1.0", "received_at": NOW, "next_report_in": 300, "score": {
            "score": 90, "cap": "x", "rules": [{"rule": "a", "points": 1, "available": 2, "reason": "b\u202e"}]}}),
        "problem": compact({"type": "urn:postured:problem:malformed", "title": "x", "status": 400, "detail": "y"}),
        # Foundation's decoder traps on an array that opens at its limit of 512 in the very last byte; Wire's own limit
        # stands before it.
        "nesting-513": b"[" * 513,
        "nesting-in-report": compact(device.report({"serials": {}}, [])).replace(b'"schema":2', b'"schema":' + b"[" * 507),
        "number-huge": b'{"schema":1e999}', "number-exact": b'{"schema":1.0}', "surrogate": b'{"device":"\\ud800"}'}
    made["message"]["nesting-513"] = b"[" * 513
    return device, made, payloads
