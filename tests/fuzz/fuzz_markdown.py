"""Feeds bytes to the Markdown or the plain text reader. What passes accounts for every character.

python tests/fuzz/fuzz_markdown.py CORPUS        with atheris, for as long as it is left to run
"""

import random

from reading import read_and_check
from shuffle import LINES, Shuffle

TEXTS = (
    """---
title: A Book
lang: en
---
# One

**Mara:** "No."

He said [so]{Mara} and [mot]{lang=fr voice=x}.[^1]

---

> Quoted

- a
  - b

[^1]: A note
    goes on.
""",
    """# One

| a | b |
|---|---|
| c | **d** |

```
code
```

<div>html <b>x</b></div>

![alt](x.png) [link](y) `code` <br> <!-- c -->

## Two

Line  
line

***

&amp; \\* ~~x~~
""",
    """CHAPTER I

It was the best of _times_, it was
the worst of times.

   Roses are red,
   violets are blue.

* * *

[Illustration: x]

第二章

　山路を。
""",
    """Setext
======

1. one
2) two

   para in two

* * *

Sub
---

[ref]: http://x "t"
[ref] ![pic][ref] <http://a.b> **bo*ld** it* ***x*** __y__

> # Quoted heading
> > deep

    indented code
""",
    """*** START OF THE PROJECT GUTENBERG EBOOK X ***

Contents

  Chapter 1 ... 1
  Chapter 2 ... 2

PART ONE

Chapter 1. The Mill

ANN. Yes.

BOB [_aside_]. No.

“Well,” said Ann, “not to-
night.” Dr. Bell left at 6:30.[1]

-----

[1] A note.

*** END OF THE PROJECT GUTENBERG EBOOK X ***
""",
    """::: note
x
:::

# Chapter {#id .class lang=de}

[漢字]{ruby=かんじ} term
: definition

***Mara*** — "Yes" — **Joss (low):** 'no' …

<!-- skip -->

Last\
line  \n\n\n\u2028 end\u00ad
""",
)
SEEDS = [bytes([number]) + text.encode() for number, text in enumerate(TEXTS)]
SEEDS += [bytes([64 + number]) + text.encode() for number, text in enumerate(TEXTS[2:5])]
SHUFFLE = Shuffle(LINES, SEEDS)


def shuffled(data: bytes, chance: random.Random) -> bytes:
    """Tokens moved about; the wishes drawn anew."""
    return bytes([chance.randrange(256)]) + SHUFFLE(data[1:], chance)


def one_input(data: bytes) -> None:
    """The first byte says how to read, the rest is the file."""
    wish = data[0] if data else 0
    read_and_check(data[1:], ".txt" if wish & 64 else ".md", wish)


if __name__ == "__main__":
    from harness import run

    run(one_input, SEEDS, shuffled)
