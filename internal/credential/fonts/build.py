#!/usr/bin/env python3
"""Builds the three fonts beside this file from their sources; README.md says what they are and why.

usage: build.py NotoSansSC_400Regular.ttf NotoSerifSC_700Bold.ttf HanaMinB.ttf Unihan_IRGSources.txt.bz2
Needs fontTools. Takes about two minutes.
"""
import bz2
import collections
import gzip
import sys
from array import array

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates

GRID, TOLERANCE = 250, 1.5 / 1024
PERSONAL = "喆昇堃玥珺翀祎瑄焱犇淼骉垚嬅烜妤琬璟瑀骞頔禛赟彧叡旻婳婧姮孃昉晞晖暐璘璠琎瑢瑨琤珣珒璿堉垲堽埕埇峣崟嵚洣浉浕涢溇溦滃潆澄瀞灏炅炘烨焜煊熠燊爕玓玘玙玚珅珩珽珪琇琚琛琨琯瑱璇璐璨瓒鋆錡铉铖铠锜锟镕镠闿颀颋颙飏饴骐骢骥骦鹮麒麟龑龢"


def cut(path, wanted):
    font = TTFont(path)
    o = subset.Options()
    o.hinting, o.layout_features, o.name_IDs, o.glyph_names = False, [], ["*"], False
    o.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "kern", "FFTM"]
    s = subset.Subsetter(o)
    s.populate(unicodes=wanted)
    s.subset(font)
    return font


def rename(font, family, style):
    """A subset is a modified version: it may not carry a reserved name."""
    names = {1: family, 2: style, 3: f"certdesk;{family};1", 4: f"{family} {style}", 6: family.replace(" ", "") + "-" + style}
    table = font["name"]
    table.names = [n for n in table.names if n.nameID in (0, 13, 14)]
    for k, v in names.items():
        table.setName(v, k, 3, 1, 0x409)


def flatten(points, flags):
    ring = []
    for i, p in enumerate(points):
        q, on, next_on = points[(i + 1) % len(points)], flags[i] & 1, flags[(i + 1) % len(points)] & 1
        ring.append((p, on))
        if not on and not next_on:
            ring.append((((p[0] + q[0]) / 2, (p[1] + q[1]) / 2), 1))
    start = next((i for i, (_, on) in enumerate(ring) if on), None)
    if start is None:
        return []
    ring = ring[start:] + ring[:start] + [ring[start]]
    out, i = [ring[0][0]], 0
    while i < len(ring) - 1:
        if ring[i + 1][1]:
            out.append(ring[i + 1][0])
            i += 1
            continue
        a, b, c = (ring[i + k][0] for k in range(3))
        for t in (0.25, 0.5, 0.75, 1):
            out.append(tuple((1 - t) ** 2 * a[k] + 2 * t * (1 - t) * b[k] + t * t * c[k] for k in (0, 1)))
        i += 2
    return out[:-1]


def thin(p, tolerance):
    if len(p) < 3:
        return p
    (x0, y0), (x1, y1) = p[0], p[-1]
    dx, dy = x1 - x0, y1 - y0
    length = (dx * dx + dy * dy) ** 0.5
    far, at = -1, 0
    for i in range(1, len(p) - 1):
        x, y = p[i]
        d = abs((x - x0) * dy - (y - y0) * dx) / length if length else ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5
        if d > far:
            far, at = d, i
    if far <= tolerance:
        return [p[0], p[-1]]
    return thin(p[: at + 1], tolerance)[:-1] + thin(p[at:], tolerance)


def simplify(font):
    """Curves become short straight lines on a grid of 250 to the em: no eye sees it at 20 mm, and it is half the size."""
    em = font["head"].unitsPerEm
    scale, glyf, metrics = GRID / em, font["glyf"], font["hmtx"].metrics
    for name in font.getGlyphOrder():
        g, start, points, ends = glyf[name], 0, [], []
        if g.numberOfContours > 0:
            for end in g.endPtsOfContours:
                q = flatten(list(g.coordinates[start : end + 1]), list(g.flags[start : end + 1]))
                start = end + 1
                if len(q) < 3:
                    continue
                k = max(range(len(q)), key=lambda i: (q[i][0] - q[0][0]) ** 2 + (q[i][1] - q[0][1]) ** 2)
                r = thin(q[: k + 1], TOLERANCE * em)[:-1] + thin(q[k:] + [q[0]], TOLERANCE * em)[:-1]
                r = [(round(x * scale), round(y * scale)) for x, y in r]
                r = [p for i, p in enumerate(r) if p != r[i - 1]]
                if len(r) > 2:
                    points += r
                    ends.append(len(points) - 1)
            g.coordinates, g.endPtsOfContours, g.flags = GlyphCoordinates(points), ends, array("B", [1] * len(points))
            g.numberOfContours = len(ends)
            g.recalcBounds(glyf)
        metrics[name] = (round(metrics[name][0] * scale), getattr(g, "xMin", 0) or 0)
    font["head"].unitsPerEm = GRID
    for table, keys in (("hhea", ("ascent", "descent", "lineGap")), ("OS/2", ("sTypoAscender", "sTypoDescender", "sTypoLineGap", "usWinAscent", "usWinDescent", "sxHeight", "sCapHeight", "xAvgCharWidth")), ("post", ("underlinePosition", "underlineThickness"))):
        for k in keys:
            if hasattr(font[table], k):
                setattr(font[table], k, round(getattr(font[table], k) * scale))


def display_set():
    chars = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180)) | set(range(0x1CD, 0x1DD)) | set(range(0x2010, 0x2027)) | set(range(0x3000, 0x3020)) | set(range(0xFF00, 0xFF5F))
    for a in range(0xB0, 0xF8):
        for b in range(0xA1, 0xFF):
            try:
                chars.add(ord(bytes([a, b]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return chars | {ord(c) for c in PERSONAL}


def rare_set(hana, sans, unihan):
    """What the main font lacks: all of Extensions C, D and E; of B and F what a register of people or places has."""
    source = collections.defaultdict(dict)
    for line in bz2.open(unihan, "rt"):
        if line.startswith("U+"):
            code, key, value = line.rstrip().split("\t")
            source[int(code[2:], 16)][key] = value.split("-")[0]
    def wanted(c):
        s = source[c]
        if 0x2A700 <= c <= 0x2CEA1:
            return True
        if 0x2CEB0 <= c <= 0x2EBE0:
            return "kIRG_GSource" in s or "kIRG_JSource" in s or "kIRG_HSource" in s
        if not 0x20000 <= c <= 0x2A6DF:
            return False
        return s.get("kIRG_GSource") not in (None, "GKX", "GHZ") or "kIRG_HSource" in s or "kIRG_JSource" in s or s.get("kIRG_TSource") in ("T3", "T4", "TA", "TB", "TF")
    # A few characters of the first plane stay, because PDF libraries want a table of it in every font.
    return {c for c in hana - sans if wanted(c)} | {c for c in (0x20, 0x3000, 0x4E00, 0x9FBB) if c in hana} | set(sorted(c for c in hana if c < 0x10000)[:8])


def save(font, name):
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(name)
    with open(name, "rb") as f:
        data = f.read()
    with open(name + ".gz", "wb") as f:
        f.write(gzip.compress(data, 9, mtime=0))
    print(name, len(font.getBestCmap()), "characters", len(data), "bytes")


def main(sans, serif, hana, unihan):
    with open(sans, "rb") as f, open("NotoSansSC-Regular.ttf.gz", "wb") as out:
        out.write(gzip.compress(f.read(), 9, mtime=0))
    display = cut(serif, display_set())
    rename(display, "Certdesk Display SC", "Bold")
    save(display, "CertdeskDisplaySC-Bold.ttf")
    chars = rare_set(set(TTFont(hana).getBestCmap()), set(TTFont(sans).getBestCmap()), unihan)
    rare = cut(hana, chars)
    simplify(rare)
    rename(rare, "Certdesk Rare Han", "Regular")
    save(rare, "CertdeskRareHan-Regular.ttf")


if __name__ == "__main__":
    main(*sys.argv[1:])
