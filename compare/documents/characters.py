"""Characters, line joins and list markers: the small typographic rules that all format readers share.

They undo what layout did to the words (ligatures, soft hyphens, words divided at line ends) and nothing else, so that
the same content has the same words in every format.
"""

from __future__ import annotations

import re
import unicodedata

# Zero-width characters, byte order marks and soft hyphens carry no words.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\x00-\x08\x0e-\x1f\x7f]")
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
# Symbol fonts print their bullets from the private use area.
PRIVATE_BULLETS = re.compile("[\uf0b7\uf0a7\uf0d8\uf076\uf0a8\uf02d\uf0fc\uf06f\uf09f]")
# Latin letters, figures and signs that need no change but for their spaces.
ORDINARY = re.compile("[ -~¡-¬®-ÿ–—’”−…•]*")
SPACES = re.compile(r"[^\S\n]+")
# A narrow or no-break space between a digit and three more holds an amount together, which a plain space does not.
THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))")
HELD = "\ue000"

BULLETS = "-–—−•·▪▫■□●○◦‣⁃➢➤►▶✓✔❖*"
MARKER = re.compile(
    rf"(?P<marker>[{re.escape(BULLETS)}]|\(?\d{{1,3}}[.)]|\(?[A-Za-zÅÄÖ][.)])(?:\s+|(?<=[•▪■●○◦‣➢➤►▶✓✔❖])\s*)(?=\S)"
)
# 'styr- och ledningsmodeller' keeps its hyphen at a line end; 'verk-' / 'samhet' loses it.
SUSPENDED = re.compile(r"(?:och|eller|samt|respektive|resp|and|or)\b")
# Words that end no line of their own accord: of place, of time, of comparison, and those that join.
UNFINISHED = re.compile(
    r"(?:\b(?:och|eller|samt|i|inom|för|av|till|från|med|på|vid|än|per|som|enligt|under|över|efter|minst|högst|den|det|de)"
    r"|,)$"
)
DIVIDED = re.compile(r"[^\W\d_][a-zåäöéü][-\u00ad‐]$")
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def tidy(text: str) -> str:
    """Text with plain spaces, composed letters and without invisible characters; line breaks are kept."""
    if ORDINARY.fullmatch(text):
        return SPACES.sub(" ", text).strip() if "  " in text else text.strip()
    text = unicodedata.normalize("NFC", text).translate(LIGATURES)
    text = PRIVATE_BULLETS.sub("•", INVISIBLE.sub("", text))
    text = THOUSANDS.sub(HELD, text)
    text = SPACES.sub(" ", text).replace(HELD, "\u00a0")
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def joined(first: str, second: str) -> str:
    """Two lines of one paragraph as one, a word divided between them put together again."""
    first, second = first.rstrip(" "), second.lstrip(" ")
    if not first or not second:
        return first or second
    if first[-1] not in "-‐\u00ad":
        return f"{first} {second}"
    if first.endswith("\u00ad"):
        return first[:-1] + second
    if DIVIDED.search(first) and second[0].islower():
        if SUSPENDED.match(second):
            return f"{first} {second}"
        return first[:-1] + second
    # 'EU-' / 'parlamentet', 'e-' / 'tjänster', '2020-' / '2024': the hyphen is the word's own.
    if re.search(r"[\w][-‐]$", first) and (second[0].isalnum()) and not SUSPENDED.match(second):
        return first + second
    return f"{first} {second}"


def unfinished(text: str) -> bool:
    """Whether a line ends in a word that something must follow, be it a figure or a name.

    >>> unfinished("Andel med examen inom"), unfinished("Nöjda gäster")
    (True, False)
    """
    return UNFINISHED.search(text.rstrip(" ")) is not None


def divided(text: str) -> bool:
    """Whether a line ends with a hyphen, so that its last word goes on."""
    return bool(re.search(r"\w[-‐\u00ad]$", text.rstrip(" ")))


def list_marker(text: str) -> tuple[str, str] | None:
    """The bullet or number that a list item begins with and the text behind it; None where it is no list item.

    >>> list_marker("- Minska utsläppen")
    ('-', 'Minska utsläppen')
    >>> list_marker("- 614") is None
    True
    """
    match = MARKER.match(text)
    if match is None:
        return None
    rest = text[match.end() :]
    # A dash before a bare figure is its sign; '1. 2' and '3. 5 %' are figures too.
    if not re.search(r"[^\W\d_]{2,}", rest):
        return None
    if match["marker"].isalpha():
        return None
    return match["marker"], rest


def ends_sentence(text: str) -> bool:
    """Whether text ends as sentences, headings before lists or closed quotations do."""
    return text.rstrip(" \"'”’)]»*").endswith((".", "!", "?", ":", ";", "…"))
