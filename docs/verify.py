#!/usr/bin/env python3
"""Verifies the record of a certdesk with nothing but Python 3: written from archive-format.md, not from certdesk.

    verify.py data.db --key PUBLICKEY [--checkpoint FILE]...

data.db is the desk's database, or a copy. PUBLICKEY is what `certdesk archive key` printed when you first asked, kept by
you, not one that lies beside the database. Each FILE is a checkpoint that you kept. Prints what differs, one line each:
kind, entry, table, row, and what is wrong. Exit 0: all holds, 1: something was changed, 2: could not look.
"""
import argparse, base64, hashlib, json, re, sqlite3, sys

# The tables whose every row is named by the record.
TABLES = ("desk applicants staff holders members consents applications persons documents findings verdicts notes correspondence corrections tasks "
          "decisions appeals reversals certificates types descriptions feedback brakes adjustments sanctions gifts conduct_cases imports recoveries").split()
NAMES = "act actor also answer at commit from input key noun reason role rows seq target to v".split()
ALWAYS = {"act", "actor", "at", "seq", "v"}
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z")

findings, warnings = [], []


def find(kind, seq=0, noun="", row="", text=""):
    findings.append((kind, seq, noun, row, text))


class Text(bytes):
    """A value that SQLite keeps as text; what it keeps as bytes comes as plain bytes."""


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def strict_b64(text):
    """Decodes base64 that is written as an encoder writes it, in one way only."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("loose base64")
    return raw


# ---- Ed25519 as in RFC 8032, section 5.1, verifying only

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def point_add(a, b):
    A, B = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    C, E = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = B - A, E - C, E + C, B + A
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_mul(s, a):
    out = (0, 1, 1, 0)
    while s > 0:
        if s & 1:
            out = point_add(out, a)
        a, s = point_add(a, a), s >> 1
    return out


def point_equal(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def decompress(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def ed25519(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = decompress(public), decompress(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    return point_equal(point_mul(s, BASE), point_add(r, point_mul(h, a)))


# ---- checkpoints


def public_key(text):
    name, ident, key = text.strip().split("+", 2)
    raw = strict_b64(key)
    if len(raw) != 33 or raw[0] != 1 or sha256(name.encode(), b"\n", raw)[:4].hex() != ident:
        raise ValueError("not a public key of a record")
    return name, bytes.fromhex(ident), raw[1:]


def checkpoint(note, key, kept):
    """Returns size, root and time of a signed checkpoint; ValueError if it is none. One that is kept in the database has
    exactly one signature; whoever keeps it elsewhere may have added others."""
    name, ident, public = key
    body, blank, tail = note.partition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise ValueError("not a signed note")
    good = False
    for line in tail[:-1].split("\n"):
        if not line.startswith("\u2014 ") or line.count(" ") != 2:
            raise ValueError("a line that is no signature")
        _, who, sig = line.split(" ")
        raw = strict_b64(sig) if kept else base64.b64decode(sig, validate=True)
        if who == name and raw[:4] == ident:
            if not ed25519(public, body.encode() + b"\n", raw[4:]):
                raise ValueError("the signature is wrong")
            good = True
        elif kept:
            raise ValueError("a signature of somebody else's")
    lines = body.split("\n")
    if not good or kept and tail.count("\n") != 1:
        raise ValueError("not signed by this key, or not once")
    if len(lines) != 4 or lines[0] != name or not re.fullmatch("[1-9][0-9]*", lines[1]) or len(strict_b64(lines[2])) != 32 or not TIME.fullmatch(lines[3]):
        raise ValueError("signed, but no checkpoint")
    return int(lines[1]), strict_b64(lines[2]), lines[3]


# ---- entries

ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def encode(value):
    """The canonical form of a string, a number, true, a list or an object whose names stand as they do here."""
    if isinstance(value, str):
        return '"' + "".join(ESCAPES.get(c) or ("\\u%04x" % ord(c) if c < " " else c) for c in value) + '"'
    if value is True:
        return "true"
    if isinstance(value, int) and value is not False:
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(encode, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(encode(k) + ":" + encode(v) for k, v in value.items()) + "}"
    raise ValueError("a value that an entry never has")


def once(pairs):
    if len({k for k, _ in pairs}) != len(pairs):
        raise ValueError("a name twice")
    return dict(pairs)


DECODER = json.JSONDecoder(object_pairs_hook=once)


def members(text):
    """The top level of an object: name, value and the value as it is written. White space is an error."""
    at = 1
    if text[:1] != "{":
        raise ValueError("no object")
    while True:
        name, at = DECODER.raw_decode(text, at)
        if text[at:at + 1] != ":":
            raise ValueError("no colon")
        value, end = DECODER.raw_decode(text, at + 1)
        yield name, value, text[at + 1:end]
        at = end + 1
        if text[end:] == "}":
            return
        if text[end:end + 1] != ",":
            raise ValueError("no comma")


def compact(raw):
    """Whether JSON has no white space between its tokens."""
    return not re.search(r"\s", re.sub(r'"(?:[^"\\]|\\.)*"', '""', raw))


def parse(data):
    """Reads the canonical form of an entry; ValueError if it is not in it."""
    text, entry, last = data.decode("utf-8"), {}, ""
    for name, value, raw in members(text):
        if name not in NAMES or name <= last:
            raise ValueError("a name that is unknown, or out of order")
        if name == "answer" and not compact(raw) or name != "answer" and encode(value) != raw:
            raise ValueError("not in canonical form")
        if value in ("", [], {}) and name not in ALWAYS:
            raise ValueError("an empty value")
        entry[name], last = value, name
    if not ALWAYS <= set(entry) or entry["v"] != 1 or not TIME.fullmatch(entry["at"]):
        raise ValueError("a name is missing, or another version")
    for name, value in entry.items():
        want = int if name in ("seq", "v") else list if name == "rows" else dict if name == "also" else str
        if name != "answer" and type(value) is not want:
            raise ValueError("a value of another kind")
    also = entry.get("also", {})
    if list(also) != sorted(also, key=str.encode) or not all(type(v) is str for v in also.values()):
        raise ValueError("also")
    for row in entry.get("rows", []):
        order = [n for n in ("noun", "id", "digest", "rev", "gone") if n in row]
        if list(row) != order or not {"noun", "id"} <= set(row) or row.get("rev") == 0 or row.get("digest") == "" or row.get("gone", True) is not True:
            raise ValueError("rows")
    return entry


def commitment(payload, salt):
    """The commitment to a personal part; none where the salt is not one."""
    try:
        raw = base64.b64decode(salt + b"=" * (-len(salt) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return ""
    return b64url(sha256(b"certdesk/v1", raw, payload))


# ---- the record


def stored(leaf):
    """The place in ledger_hashes of a leaf, counted from 0; it is also how many hashes that many leaves have."""
    at = 0
    while leaf > 0:
        at, leaf = at + leaf, leaf // 2
    return at


class Record:
    def __init__(self, db, key):
        self.db, self.key = db, key
        self.size, self.at, self.broken = 0, "", False
        self.edge = []   # (leaves, hash) of the complete subtrees, the largest first
        self.roots = {}  # size -> [(what, root)]
        self.last = {}   # (table, id) -> (digest, seq, gone)

    def checkpoints(self, witness):
        sizes = set()
        for size, note, made in self.db.execute("SELECT size, note, made FROM checkpoints ORDER BY size"):
            sizes.add(size)
            try:
                signed, root, at = checkpoint(note.decode("utf-8"), self.key, True)
                sizes.add(signed)
                if signed != size or at.encode() != made:
                    raise ValueError("signed for another size or time")
                self.roots.setdefault(size, []).append(("checkpoint", root))
            except ValueError as e:
                find("checkpoint", size, text=str(e))
        for note in witness:
            try:
                size, root, _ = checkpoint(note, self.key, False)
                self.roots.setdefault(size, []).append(("witness", root))
                if size not in sizes:
                    find("checkpoint", size, text="it was given out and is kept no longer")
            except ValueError as e:
                find("witness", text=str(e))

    def leaf(self, seq, computed):
        if self.broken:
            return
        at = stored(seq - 1)
        if at in self.hashes and self.hashes[at] != computed and len(self.hashes[at]) == 32:
            find("entry", seq, text="the entry is not the one that was hashed")
            computed = self.hashes[at]  # the tree is judged apart from its leaf
        done, node = [computed], (1, computed)
        while self.edge and self.edge[-1][0] == node[0]:
            left = self.edge.pop()
            node = (2 * node[0], sha256(b"\x01", left[1], node[1]))
            done.append(node[1])
        self.edge.append(node)
        for i, h in enumerate(done):
            if self.hashes.get(at + i) != h:
                find("hash", seq, text="hash %d is not that of the entries below it" % (at + i))
        for kind, root in self.roots.pop(seq, []):
            if root != self.root():
                find(kind, seq, text="the log up to here is not the one that was signed")

    def root(self):
        h = self.edge[-1][1] if self.edge else b""
        for _, left in reversed(self.edge[:-1]):
            h = sha256(b"\x01", left, h)
        return h

    def entries(self):
        self.hashes = dict(self.db.execute("SELECT id, h FROM ledger_hashes"))
        for row in self.db.execute("SELECT seq, data, payload, salt, at, actor, role, act, noun, target, key FROM ledger_entries ORDER BY seq"):
            self.entry(row[0], *row[1:4], row[4:])
        for size, marks in self.roots.items():
            for kind, _ in marks:
                find(kind, size, text="more entries were signed than there are: the end was cut off")
        if len(self.hashes) > stored(self.size):
            find("hash", self.size, text="there are hashes of more entries: the end was cut off")

    def entry(self, seq, data, payload, salt, columns):
        if seq < 1:
            return find("entry", seq, text="an entry stands before the first one")
        if seq != self.size + 1:
            find("gap", self.size + 1, text="entries are missing")
        while self.size + 1 < seq and not self.broken:  # bridged by the stored leaf, so that what comes after can still be judged
            h = self.hashes.get(stored(self.size), b"")
            if len(h) != 32:
                self.broken = True
                find("hash", self.size + 1, text="the hash of a missing entry is missing too: no hash after it can be checked")
                break
            self.size += 1
            self.leaf(self.size, h)
        self.size = seq
        self.leaf(seq, sha256(b"\x00", data))
        try:
            e = parse(data)
        except ValueError as why:
            return find("entry", seq, text="the entry cannot be read: %s" % why)
        for name, value in zip("at actor role act noun target key".split(), columns):
            if e.get(name, "").encode() != value:
                find("column", seq, text="other than in the entry: " + name)
        if e["seq"] != seq:
            find("column", seq, text="other than in the entry: seq")
        if e["at"] < self.at:
            warnings.append("entry %d: the clock ran backwards" % seq)
        self.at = e["at"]
        commit = e.get("commit", "")
        if commit == "" and (payload or salt) or commit and bool(payload) != bool(salt) or commit and payload and commitment(payload, salt) != commit:
            find("payload", seq, text="the personal part is not the one that was committed to")
        for r in e.get("rows", []):
            self.last[r["noun"], r["id"]] = (r.get("digest", ""), seq, r.get("gone", False))

    def index(self):
        left = dict(self.last)
        for noun, row, digest, seq, gone in self.db.execute("SELECT noun, id, digest, seq, gone FROM ledger_rows"):
            noun, row = noun.decode(), row.decode()
            want = left.pop((noun, row), None)
            if want is None or (want[0].encode(), want[1], int(want[2])) != (digest, seq, gone):
                find("index", seq, noun, row, "the list of last digests says something else than the entries")
        for (noun, row), (_, seq, _) in left.items():
            find("index", seq, noun, row, "the list of last digests leaves this row out")

    def rows(self):
        left = {k: v for k, v in self.last.items() if not v[2]}
        for table in TABLES:
            kinds = {name.decode(): kind.decode() for name, kind in self.db.execute("SELECT name, type FROM pragma_table_info(?)", (table,))}
            if not kinds:
                find("missing", 0, table, "", "the table is gone")
                continue
            names = sorted(kinds, key=str.encode)
            for row in self.db.execute("SELECT " + ", ".join('"%s"' % n for n in names) + " FROM " + table):
                self.row(table, dict(zip(names, row)), kinds, left)
        for (noun, row), (_, seq, _) in left.items():
            find("missing", seq, noun, row, "the row is gone without an entry")

    def row(self, table, values, kinds, left):
        name = values["id"] if isinstance(values["id"], bytes) else str(values["id"]).encode()
        name = name.decode("utf-8", "replace")
        if table == "desk" and values["state"] == b"new":
            return  # made with the tables: nobody has acted yet
        want = self.last.get((table, name))
        if want is None or want[2]:
            find("added", want[1] if want else 0, table, name, "no entry tells of this row")
        elif digest(table, values, kinds) != want[0]:
            find("changed", want[1], table, name, "the row is not as the last entry about it left it")
        left.pop((table, name), None)


def digest(table, values, kinds):
    """The digest of a row; none if a value is of a kind that the desk never writes."""
    raw = b"certdesk/v1 row " + netstring(table.encode())
    for name, value in values.items():
        if kinds[name] == "TEXT":
            if type(value) is not Text:
                return None
            if not value:
                continue
        elif type(value) is not int or kinds[name] == "BOOLEAN" and value not in (0, 1):
            return None
        elif not value:
            continue
        else:
            value = str(value).encode()
        raw += netstring(name.encode()) + netstring(value)
    return b64url(sha256(raw))


def netstring(raw):
    return b"%d:%s," % (len(raw), raw)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("database")
    args.add_argument("--key", required=True, help="the public key of the record, or a file that holds it")
    args.add_argument("--checkpoint", action="append", default=[], metavar="FILE", help="a checkpoint kept elsewhere")
    args = args.parse_args()
    try:
        key = args.key
        if "+" not in key:
            key = open(key, encoding="utf-8").read()
        key = public_key(key)
        witness = [open(name, encoding="utf-8", newline="").read() for name in args.checkpoint]
        db = sqlite3.connect("file:%s?mode=ro" % args.database.replace("%", "%25").replace("?", "%3f"), uri=True)
        db.text_factory = Text
        record = Record(db, key)
        record.checkpoints(witness)
        for step in (record.entries, record.index, record.rows):
            step()
    except (OSError, ValueError, sqlite3.Error) as e:
        print("verify.py: could not look:", e, file=sys.stderr)
        return 2
    for w in warnings:
        print("warning:", w, file=sys.stderr)
    for f in findings:
        print("\t".join(map(str, f)))
    print("%d entries, root %s: %s" % (record.size, base64.b64encode(record.root()).decode(),
                                       "%d differences" % len(findings) if findings else "the record holds"), file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
