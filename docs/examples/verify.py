#!/usr/bin/env python3
"""An independent verifier of evidence bundles, written from docs/evidence-format.md alone. Standard library only.

usage: verify.py BUNDLE [OLDER_CHECKPOINT ...]      exits 0 sound, 1 tampered with
"""
import base64, hashlib, json, sys, zipfile

# Ed25519 verification (RFC 8032, section 5.1), plain and slow
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

def recover(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P: x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - x2) % P or (x == 0 and sign): raise ValueError("not a point")
    return P - x if x & 1 != sign else x

def point(raw):
    y = int.from_bytes(raw, "little"); sign, y = y >> 255, y & (1 << 255) - 1
    x = recover(y, sign)
    return x, y, 1, x * y % P

def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1: q = add(q, p)
        p, n = add(p, p), n >> 1
    return q

BASE = (recover(4 * pow(5, P - 2, P) % P, 0), 4 * pow(5, P - 2, P) % P)
BASE = (*BASE, 1, BASE[0] * BASE[1] % P)

def ed25519(key, text, signature):
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L: return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    a, b = times(s, BASE), add(point(signature[:32]), times(h, point(key)))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0

# the tree (RFC 6962, section 2.1)
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def node(left, right): return sha(b"\1", left, right)

class Tree:
    def __init__(self): self.size, self.peaks = 0, []
    def append(self, leaf):
        self.peaks.append(leaf); n = self.size
        while n & 1: right = self.peaks.pop(); self.peaks.append(node(self.peaks.pop(), right)); n >>= 1
        self.size += 1
    def root(self):
        if not self.peaks: return sha()
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]: root = node(peak, root)
        return root

def led_to(leaf, index, size, path):  # RFC 9162, section 2.1.3.2
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0: return None
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn: fn, sn = fn >> 1, sn >> 1
        else: r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None

# checkpoints
def need(condition, fault):
    if not condition: print("TAMPERED:", fault); sys.exit(1)

def checkpoint(note, name, key, key_id, title):
    text, signatures = note.rsplit("\n\n", 1); text += "\n"
    origin, size, root = text.split("\n")[:3]
    need(origin == name and text.count("\n") == 3, title + " is of another ledger")
    ours = [base64.b64decode(l.split(" ")[2]) for l in signatures.splitlines() if l.startswith("— " + name + " ")]
    ours = [raw[4:] for raw in ours if raw[:4] == key_id]
    need(ours and all(ed25519(key, text.encode(), s) for s in ours), title + " is not signed by the key")
    return int(size), base64.b64decode(root), title

def main(bundle, *held):
    with zipfile.ZipFile(bundle) as zip:
        read = lambda entry: zip.read(entry).decode()
        name, key_id, material = read("key.txt").rstrip("\n").split("+", 2)
        key_id, material = bytes.fromhex(key_id), base64.b64decode(material); key = material[1:]
        need(material[:1] == b"\1" and sha(name.encode(), b"\n", material)[:4] == key_id, "the key does not fit its id")
        signed = {}
        def check(note, title):
            if note not in signed: signed[note] = checkpoint(note, name, key, key_id, title)
            return signed[note]
        head = check(read("checkpoint.txt"), "checkpoint.txt")
        proofs = {}
        for entry in zip.namelist():
            if entry.startswith("checkpoints/"): check(read(entry), entry)
            if entry.startswith("proofs/"):
                path, note = read(entry).split("\n\n", 1); header, index, *path = path.split("\n")
                need(header == "c2sp.org/tlog-proof@v1" and entry == "proofs/%s.tlog-proof" % index[6:], entry)
                proofs[int(index[6:])] = [base64.b64decode(p) for p in path], check(note, entry)
        for file in held: check(open(file, encoding="utf-8").read(), file)
        tree = Tree()
        def compare():
            for size, root, title in signed.values():
                need(size != tree.size or root == tree.root(), "the first %d facts are not those of %s" % (size, title))
        compare()
        with zip.open("facts.jsonl") as lines:
            for line in lines:
                line = line[:-1] if line.endswith(b"\n") else need(False, "the last line is cut off")
                leaf, fact = sha(b"\0", line), json.loads(line)
                need(fact["v"] == 1 and name.endswith("/" + fact["contract"]), "fact %d is not of this ledger" % tree.size)
                if tree.size in proofs:
                    path, (size, root, _) = proofs[tree.size]
                    need(led_to(leaf, tree.size, size, path) == root, "fact %d is not the one that was sealed" % tree.size)
                tree.append(leaf); compare()
        need(tree.size == head[0], "%d facts, but the checkpoint covers %d" % (tree.size, head[0]))
        for size, _, title in signed.values(): need(size <= tree.size, title + " covers more facts than there are here")
        print("SOUND: %d facts of %s; key fingerprint %s" % (tree.size, name, sha(key).hex()))

main(*sys.argv[1:])
