"""Which labels before a colon name a speaker: **Mara:** does, **Note:** doesn't. It knows no markup."""

import re

LABEL = re.compile(r"^([^\W\d_][^:：*]{0,39}?)\s*[:：]\s*$")
UNSPACED = re.compile(r"^\*\*([^*:：\n]{1,40})[:：]\*\*(?=\S)")  # Markdown takes no such stars for bold
MOST_WORDS = 5
REMARKS = frozenset((
    "note", "notes", "warning", "tip", "tips", "important", "example", "examples", "caution", "summary", "hint",
    "remark", "nb", "ps", "q", "a", "question", "answer", "definition", "theorem", "proof", "achtung", "hinweis",
    "wichtig", "beispiel", "tipp", "warnung", "merke", "frage", "antwort", "remarque", "attention", "exemple",
    "conseil", "nota", "ejemplo", "importante", "consejo", "aviso", "esempio", "avviso", "attenzione", "exemplo",
    "atenção", "dica", "opmerking", "let", "op", "voorbeeld", "uwaga", "przykład", "примечание", "внимание",
    "пример", "важно", "注意", "注", "提示", "例", "示例", "重要",
))  # fmt: skip


def speaker_named(label: str) -> str | None:
    """The speaker a label such as `Mara:` names; None for a remark's, or one that can be no name.

    A name has few words, the first with a capital or in a script without.
    """
    found = LABEL.match(label)
    name = found.group(1).strip() if found else ""
    if not name or name.casefold() in REMARKS or len(name.split()) > MOST_WORDS or name[0].islower():
        return None
    return name
