"""What the other modules stand on: the openssl program, and a directory that is gone at the end."""
import base64
import pathlib
import subprocess
import sys
import tempfile

EC = "ec:P-256"

work = pathlib.Path(tempfile.mkdtemp(prefix="fuzz-seeds-"))


def run(*command: str, data: bytes | None = None) -> bytes:
    done = subprocess.run(command, input=data, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"make-seeds: {' '.join(command)}\n{done.stderr.decode(errors='replace')}")
    return done.stdout


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def new_key(name: str, kind: str) -> pathlib.Path:
    path = work / f"{name}.key"
    algorithm, _, parameter = kind.partition(":")
    options = {"ec": ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{parameter}"],
               "explicit": ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{parameter}", "-pkeyopt",
                            "ec_param_enc:explicit"],
               "rsa": ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{parameter}"],
               "pss": ["-algorithm", "RSA-PSS", "-pkeyopt", f"rsa_keygen_bits:{parameter}"]}
    run("openssl", "genpkey", *options.get(algorithm, ["-algorithm", algorithm]), "-out", str(path))
    return path


def pieces(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)
