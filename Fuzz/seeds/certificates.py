"""Certificates of many kinds, under CAs that are made for them."""
import shutil

from .tools import EC, new_key, run, work

NAME = "laptop-1.fuzz.test"
CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
CLIENT = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n"
SAN = f"subjectAltName=DNS:{NAME}\n"
IDS = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"


def certificate(name: str, extensions: str, issuer: str | None = None, subject: str = f"/CN={NAME}", key: str = EC,
                same_key: str | None = None, days: int = 36500, more: tuple[str, ...] = ()) -> bytes:
    """A certificate as DER; `name`.pem and `name`.key stay in the working directory for what is issued under it."""
    configuration = work / f"{name}.cnf"
    head, _, sections = extensions.partition("\n[")
    sections = f"[{sections}\n" if sections else ""
    configuration.write_text(f"[req]\ndistinguished_name=d\n[d]\n[e]\n{head}\n{sections}")
    path = work / f"{same_key}.key" if same_key else new_key(name, key)
    if same_key:
        shutil.copy(path, work / f"{name}.key")
    above = ["-CA", str(work / f"{issuer}.pem"), "-CAkey", str(work / f"{issuer}.key")] if issuer else []
    pem = work / f"{name}.pem"
    run("openssl", "req", "-x509", "-new", "-key", str(path), "-days", str(days), "-subj", subject, "-utf8",
        "-config", str(configuration), "-extensions", "e", "-out", str(pem), *above, *more)
    return run("openssl", "x509", "-in", str(pem), "-outform", "DER")


def handmade(der: bytes, old: bytes, new: bytes) -> bytes:
    """The certificate with other bytes in it, of the same length: what openssl will not write."""
    assert len(old) == len(new) and old in der
    return der.replace(old, new, 1)


def leaves() -> dict[str, bytes]:
    made = {}

    def leaf(name: str, extensions: str = CLIENT + IDS + SAN, issuer: str | None = "issuing", **options) -> None:
        made[name] = certificate(name, extensions, issuer, **options)

    for kind in ("ec:P-384", "ec:P-521", "ec:secp256k1", "explicit:P-256", "rsa:1024", "rsa:2048", "pss:2048", "ed25519",
                 "ed448"):
        leaf("key-" + kind.replace(":", "-").lower(), key=kind)
    leaf("expired", days=1)
    leaf("revoked")
    leaf("no-extensions", "", more=("-set_serial", "0x7f"))
    leaf("serial-long", more=("-set_serial", "0x" + "9f" * 20))
    leaf("serial-zero", more=("-set_serial", "0"))
    leaf("serial-negative", more=("-set_serial", "-128"))
    leaf("digest-sha1", more=("-sha1",))
    leaf("digest-sha512", more=("-sha512",))
    leaf("subject-empty", subject="/", extensions=CLIENT + IDS + f"subjectAltName=critical,DNS:{NAME}\n")
    leaf("subject-two-names", subject=f"/CN=other.fuzz.test/CN={NAME}")
    leaf("subject-many", subject=f"/C=DE/ST=x/L=y/O=ACME/OU=a/OU=b/CN={NAME}/emailAddress=a@fuzz.test/serialNumber=1")
    leaf("subject-multi", subject=f"/O=ACME/OU=a+OU=b+CN={NAME}", more=("-multivalue-rdn",))
    leaf("subject-utf8", subject="/CN=läptop-ü-🦁-\u202e")
    leaf("subject-other", subject="/CN=other.fuzz.test")
    leaf("usage-none", "basicConstraints=CA:FALSE\n" + IDS)
    leaf("usage-many", CLIENT.replace("=clientAuth", "=clientAuth,emailProtection,codeSigning,1.2.3.4,msSmartcardLogin")
         + IDS)
    leaf("usage-server", CLIENT.replace("clientAuth", "serverAuth") + IDS)
    leaf("usage-any", CLIENT.replace("clientAuth", "anyExtendedKeyUsage") + IDS)
    leaf("usage-agreement", CLIENT.replace("digitalSignature", "keyAgreement,encipherOnly") + IDS)
    leaf("names", CLIENT + IDS + "subjectAltName=DNS:a.test,email:a@b.test,URI:urn:a,IP:::1,IP:192.0.2.1,RID:1.2.3,"
         "otherName:1.2.3.4;UTF8:x,dirName:n\n[n]\nCN=x\n")
    leaf("policies", CLIENT + IDS + "certificatePolicies=1.2.3,@p\n[p]\npolicyIdentifier=1.3.5\nCPS.1=http://a.test/\n"
         "userNotice.1=@u\n[u]\nexplicitText=UTF8:text\norganization=ACME\nnoticeNumbers=1,2\n")
    leaf("access", CLIENT + IDS + "authorityInfoAccess=OCSP;URI:http://o.test,caIssuers;URI:http://c.test\n"
         "crlDistributionPoints=URI:http://c.test/a.crl\ntlsfeature=status_request\nnoCheck=ignored\n")
    leaf("distribution-points", CLIENT + IDS + "crlDistributionPoints=p\n[p]\nfullname=URI:http://c.test/a.crl\n"
         "CRLissuer=dirName:n\nreasons=keyCompromise,CACompromise\n[n]\nCN=x\n")
    leaf("unknown-critical", CLIENT + IDS + "1.2.3.4=critical,ASN1:UTF8String:x\n")
    leaf("proxy", "keyUsage=digitalSignature\nproxyCertInfo=critical,language:id-ppl-anyLanguage,pathlen:1\n" + IDS)
    leaf("netscape", "nsCertType=client,email\nnsComment=x\n" + IDS)
    leaf("self-signed", issuer=None)
    leaf("authority-key-by-name", CLIENT + "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always,issuer:always\n")
    ordinary = (work / "leaf.der").read_bytes()
    made["unreadable-usage"] = handmade(ordinary, bytes.fromhex("0603551d25"), bytes.fromhex("0603551d0f"))
    made["nul-in-name"] = handmade(ordinary, b"laptop-1.", b"laptop\0.."[:9])
    made["t61-name"] = handmade(ordinary, b"\x0c" + bytes([len(NAME)]) + NAME.encode(),
                                b"\x14" + bytes([len(NAME)]) + NAME.encode())
    made["universal-name"] = handmade(ordinary, b"\x0c" + bytes([len(NAME)]) + NAME.encode(),
                                      b"\x1e" + bytes([len(NAME)]) + NAME.encode())
    made["no-time"] = handmade(ordinary, b"\x18\x0f2126", b"\x18\x0f2x26")
    made["version-9"] = handmade(ordinary, bytes.fromhex("a003020102"), bytes.fromhex("a003020108"))
    made["cut"] = ordinary[:-9]
    made["tail"] = ordinary + b"\0"
    return made


def authorities() -> dict[str, bytes]:
    made = {}

    def authority(name: str, extensions: str = CA + IDS, issuer: str | None = "root", **options) -> None:
        options = {"subject": "/CN=Fuzz Issuing CA", "same_key": "issuing", **options}
        made["ca-" + name] = certificate("ca-" + name, extensions, issuer, **options)

    authority("renewed")
    authority("expired", days=1)
    authority("other-key", same_key=None)
    authority("other-issuer", issuer="other-root")
    authority("self-signed", issuer=None)
    authority("path-length", CA.replace("CA:TRUE", "CA:TRUE,pathlen:0") + IDS)
    authority("no-constraints", "keyUsage=keyCertSign\n" + IDS)
    authority("not-a-ca", CA.replace("TRUE", "FALSE") + IDS)
    authority("not-signing", CA.replace("keyCertSign,", "") + IDS)
    authority("version-1", "", more=("-set_serial", "9"))
    authority("name-constraints", CA + IDS + "nameConstraints=critical,permitted;DNS:fuzz.test,excluded;email:x.test,"
              "permitted;IP:192.0.2.0/255.255.255.0,excluded;dirName:n\n[n]\nCN=x\n")
    authority("policy", CA + IDS + "certificatePolicies=1.2.3,anyPolicy\npolicyMappings=1.2.3:1.3.5\n"
              "policyConstraints=requireExplicitPolicy:0,inhibitPolicyMapping:1\ninhibitAnyPolicy=0\n")
    authority("usage-server", CA + IDS + "extendedKeyUsage=serverAuth\n")
    authority("information", CA + IDS + "crlDistributionPoints=URI:http://c.test/a.crl\nissuingDistributionPoint=critical,@p\n[p]\n"
              "onlyCA=TRUE\n")
    return made


def by_certutil() -> dict[str, bytes]:
    """Certificates as NSS makes them, with its own defaults and every extension that certutil asks no question about."""
    database, noise = work / "nssdb", work / "noise"
    database.mkdir()
    noise.write_bytes(bytes(range(256)) * 8)
    common = ("-d", f"sql:{database}", "-z", str(noise))
    run("certutil", "-N", "-d", f"sql:{database}", "--empty-password")
    run("certutil", "-S", *common, "-m", "1", "-n", "ca", "-s", "CN=NSS CA,O=ACME", "-x", "-t", "CT,C,C", "-2", "--keyUsage",
        "certSigning,crlSigning,critical", data=b"y\n\ny\n")
    run("certutil", "-S", *common, "-m", "2", "-n", "leaf", "-s", f"CN={NAME},O=ACME", "-c", "ca", "-t", ",,", "-k", "ec", "-q",
        "nistp256", "--keyUsage", "digitalSignature", "--extKeyUsage", "clientAuth", "-8", f"{NAME},a.test", "-7",
        "a@b.test", "--nsCertType", "sslClient", "--extSAN", "ip:192.0.2.1")
    return {f"nss-{name}": run("certutil", "-L", "-d", f"sql:{database}", "-n", name, "-r") for name in ("ca", "leaf")}
