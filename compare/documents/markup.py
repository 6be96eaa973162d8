"""Remnants of HTML in text that is not HTML: `<i>varav ...</i>` in a cell of an exported table.

Only real element names are taken off: 'mål <20 %' and 'a < b' are words.
"""

from __future__ import annotations

import html
import re

from compare.documents.characters import tidy

BREAKING = r"p|br|li|ol|ul|div|tr|h[1-6]|table|tbody|thead"
INLINE = r"i|b|em|strong|u|s|sup|sub|span|a|font|td|th|small|mark|code|img|hr|label|section"
TAG = re.compile(rf"</?(?P<breaking>{BREAKING})?(?(breaking)|(?:{INLINE}))(?:\s[^<>]*)?/?>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8});", re.IGNORECASE)


def plain(text: str) -> str:
    r"""Text without HTML tags and entities; paragraphs and items they separate stand on lines of their own.

    >>> plain("<p>1. Ett.</p> <p>2. Två &amp; tre.</p>")
    '1. Ett.\n2. Två & tre.'
    """
    if "<" in text:
        text = TAG.sub(lambda tag: "\n" if tag["breaking"] else "", text)
    if "&" in text:
        text = ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    text = tidy(text)
    if "\n" in text:
        text = "\n".join(line for line in text.split("\n") if line)
    return text
