"""CRLs of many kinds, of the CAs that `certificates` has made."""
from .tools import run, work


def revocation_list(name: str, issuer: str, revoked: list[str] = (), extensions: str = "authorityKeyIdentifier=keyid\n",
                    numbered: bool = True, more: tuple[str, ...] = ("-crldays", "36500")) -> bytes:
    """A CRL as DER; `revoked` are lines' ends: a serial number in hexadecimal, or `SERIAL,REASON`."""
    stem = work / f"crl-{name}"
    lines = []
    for entry in revoked:
        serial, _, reason = entry.partition(",")
        date = "261101000000Z" + (f",{reason}" if reason else "")
        lines.append(f"R\t20300101000000Z\t{date}\t{serial.upper()}\tunknown\t/CN=x\n")
    stem.with_suffix(".index").write_text("".join(lines))
    stem.with_suffix(".number").write_text("01\n")
    head, _, sections = extensions.partition("\n[")
    number = f"crlnumber={stem}.number\n" if numbered else ""
    stem.with_suffix(".cnf").write_text(
        f"[ca]\ndefault_ca=a\n[a]\ndatabase={stem}.index\n{number}default_md=sha256\n"
        + (f"crl_extensions=e\n[e]\n{head}\n" if extensions else "") + (f"[{sections}\n" if sections else ""))
    run("openssl", "ca", "-gencrl", "-config", f"{stem}.cnf", "-cert", str(work / f"{issuer}.pem"), "-keyfile",
        str(work / f"{issuer}.key"), "-out", f"{stem}.pem", *more)
    return run("openssl", "crl", "-in", f"{stem}.pem", "-outform", "DER")


def revocation_lists(leaf: str, revoked: str) -> dict[str, bytes]:
    """Lists of the issuing CA, but for those that say otherwise; `leaf` and `revoked` are serial numbers."""
    made = {}

    def crl(name: str, *arguments, issuer: str = "issuing", **options) -> None:
        made[name] = revocation_list(name, issuer, *arguments, **options)

    keyid = "authorityKeyIdentifier=keyid\n"
    crl("root", issuer="root")
    crl("issuing", [revoked])
    crl("empty")
    crl("leaf", [leaf, revoked])
    crl("reasons", [revoked, "01,keyCompromise", "02,CACompromise", "03,superseded", "04,affiliationChanged",
                    "05,holdInstruction,holdInstructionReject", "06,CAkeyTime,20261101000000Z", "07,removeFromCRL"])
    crl("many", [f"{serial:02x}" for serial in range(1, 120)])
    crl("no-number", [revoked], numbered=False)
    crl("version-1", [revoked], extensions="", numbered=False)
    crl("past", [revoked], more=("-crl_lastupdate", "20270101000000Z", "-crl_nextupdate", "20280101000000Z"))
    crl("future", [revoked], more=("-crl_lastupdate", "20900101000000Z", "-crl_nextupdate", "20910101000000Z"))
    crl("newest", [], more=("-crl_lastupdate", "20300501000000Z", "-crl_nextupdate", "20310101000000Z"))
    crl("sha1", [revoked], more=("-crldays", "36500", "-md", "sha1"))
    crl("delta", [], extensions=keyid + "2.5.29.27=critical,ASN1:INTEGER:1\n")
    crl("only-users", [], extensions=keyid + "issuingDistributionPoint=critical,@p\n[p]\nonlyuser=TRUE\n")
    crl("only-authorities", [], extensions=keyid + "issuingDistributionPoint=critical,@p\n[p]\nonlyCA=TRUE\n")
    crl("indirect", [revoked], extensions=keyid + "issuingDistributionPoint=critical,@p\n[p]\nindirectCRL=TRUE\n")
    crl("some-reasons", [], extensions=keyid + "issuingDistributionPoint=critical,@p\n[p]\nonlysomereasons=keyCompromise\n")
    crl("named-point", [], extensions=keyid + "issuingDistributionPoint=critical,@p\n[p]\nfullname=URI:http://c.test/a.crl\n")
    crl("unknown-critical", [revoked], extensions=keyid + "1.2.3.4=critical,ASN1:UTF8String:x\n")
    crl("other-key", [], issuer="ca-other-key")
    crl("other-root", [], issuer="other-root")
    both = b"".join((work / f"crl-{name}.pem").read_bytes() for name in ("root", "issuing"))
    return {**made, "pem": both, "pem-crlf": both.replace(b"\n", b"\r\n"), "pem-no-end": both[:-30],
            "cut": made["issuing"][:-5], "tail": made["issuing"] + b"\0",
            "forged": made["newest"][:-1] + bytes([made["newest"][-1] ^ 1])}
