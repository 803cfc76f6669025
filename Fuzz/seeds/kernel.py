"""What the kernel says: rtnetlink's messages, as the tests have recorded them, and tables of mounts."""
import pathlib
import struct

FIXTURES = pathlib.Path(__file__).resolve().parent.parent.parent / "Tests/CollectorsTests/Fixtures"


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def message(kind: int, body: bytes) -> bytes:
    return struct.pack("=IHHII", 16 + len(body), kind, 2, 1, 0) + body


def link(index: int, name: bytes, *attributes: bytes, kind: int = 16) -> bytes:
    return message(kind, struct.pack("=BBHiII", 0, 0, 1, index, 0x11043, 0) + attribute(3, name) + b"".join(attributes))


def address(index: int, octets: bytes, *attributes: bytes, family: int = 2, kind: int = 20) -> bytes:
    return message(kind, struct.pack("=BBBBi", family, 24, 0x80, 0, index) + attribute(2, octets) + b"".join(attributes))


DONE = message(3, bytes(4))


def netlink() -> dict[str, bytes]:
    recorded = {path.stem: bytes.fromhex(path.read_text()) for path in sorted(FIXTURES.glob("netlink/*.hex"))}
    mac = attribute(1, bytes.fromhex("020000005301"))
    return recorded | {
        "link": link(2, b"eno1\0", mac, attribute(54, bytes.fromhex("00005e005301"))) + DONE,
        "odd-names": link(2, b"../x\0") + link(3, b"..\0") + link(4, b"a-name-too-long-x\0") + link(5, b"") + DONE,
        "address": address(2, bytes([192, 0, 2, 7]), attribute(1, bytes([192, 0, 2, 8]))) + DONE,
        "address-6": address(2, bytes(16), family=10) + DONE,
        "changes": link(2, b"eno1\0", kind=17) + address(2, bytes([192, 0, 2, 7]), kind=21),
        "nested": link(2, b"eno1\0", attribute(0x8012, attribute(1, b"vlan\0"))) + DONE,
        "no-end": link(2, b"eno1\0"), "cut": link(2, b"eno1\0", mac)[:-3], "empty": b""}


MOUNTS = r"""22 1 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw
1 0 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw,errors=remount-ro
40 1 0:44 /@home /home rw - btrfs /dev/dm-3 rw,subvol=/@home
41 1 0:45 / /a\040b\011c\134d rw - xfs /dev/sdb1 rw,logdev=/dev/sdc1
42 1 0:46 / / rw master:1 propagate_from:2 - overlay overlay rw,lowerdir=/a,upperdir=/b,workdir=/c
43 1 259:2 / /boot/efi rw shared:9 - vfat /dev/nvme0n1p2 rw
"""


def mountinfo() -> dict[str, bytes]:
    lines = MOUNTS.encode()
    return {"machine": lines, "crlf": lines.replace(b"\n", b"\r\n"), "no-newline": lines.rstrip(b"\n"),
            "escapes": b"1 0 8:1 /\\040 /\\134\\0404\\9\\ rw - ext4 /dev/\\303\\251 rw\n",
            "not-utf8": b"1 0 8:1 / /\xff\xfe rw - ext4 /dev/\xc3 rw\n", "no-dash": b"1 0 8:1 / / rw ext4 /dev/sda rw a b\n",
            "short": b"1 0 8:1 / / rw -\n\n   \n", "empty": b""}
