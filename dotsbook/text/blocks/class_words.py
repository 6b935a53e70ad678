"""The words that classes and ids are made of, in the languages that bookmakers write them in, and what each says of an element."""

import re


def words(pattern: str) -> re.Pattern:
    return re.compile(f"^(?:{pattern})$")


PAGE_CLASS = words(
    r"(x-ebookmaker-)?(page-?_?(num(ber)?|no|break|nr)s?|pgnum|pgno|pg-?break|pageno|seitenzahl|folio|pb|pagenumber)|"
    r"newpage|page_?marker"
)
LINE_CLASS = words(
    r"lnum|line-?_?num(ber)?s?|lineno|linenr|ln|verse-?num(ber)?|versenum|versnr|poem-?line-?num|linenum\w*"
)
NOTE_CLASS = words(
    r"foot-?_?notes?|end-?_?notes?|fn|rearnotes?|note-?body|(foot|end)note-?(text|body|content|item|para|list|block)|"
    r"_idfootnotes?|_idfootnote|fussnoten?|fußnoten?|msofootnotetext|msoendnotetext|footnotepara|fntext|"
    r"notes?-?section|notebook"
)
REFERENCE_CLASS = re.compile(
    r"noteref|(foot|end)note-?_?(ref|anchor|link|call)|fn-?_?ref|fnanchor|refnote|_idfootnotelink|noteanchor|pagenote|"
    r"note-?call|appel-?note|footnotereference|fnmarker|note-?mark|^reference$|^fnref|^nref$|renvoi",
    re.I,
)
DROP_CLASS = re.compile(
    r"drop-?_?cap|lettrine|^initial(e|cap|letter)?s?$|first-?_?letter|bigcap|versal|^dc\d*$|^cap$|initialbuchstabe|"
    r"capolettera|letrina",
    re.I,
)
SPEAKER_CLASS = words(
    r"speaker(-?name)?|persona(ge)?|char(acter)?-?name|sprecher|personnage|role-?name|dramatis-?name|personaje|"
    r"personaggio|rolle"
)
DIRECTION_CLASS = words(
    r"stage-?_?dir(ection)?s?|stagedir|didascalie|regieanweisung|acotaci[oó]n|didascalia|sd"
)
VERSE_CLASS = words(
    r"verses?|poem|poetry|poema|poesia|poesía|gedicht|stanza|strophe|song|lyrics?|hymn|linegroup|line-?group|lg|"
    r"pg-?poem|poetry-container|poésie|poeme|strofa|estrofa|line-?block"
)
LINE_BLOCK = words(
    r"line|verse-?line|l|i\d{1,2}|indent\d*|v|vers|verso|poem-?line|poetry-?line|pline|stanza-?line|verseline\w*"
)
QUOTE_CLASS = words(
    r"block-?_?quote|block-?_?quotation|epigraph|letter|quote|extract|excerpt|diary|epigrafe|motto|zitat|brief|citation"
)
SCENE_CLASS = re.compile(
    r"(^|[-_])(scene-?break|section-?break|thought-?break|text-?break|context-?break|space-?break|soft-?break|"
    r"ornament(al)?|asterism|dinkus|separator|divider|fleuron|"
    r"transition|szenenwechsel|scene-?start|new-?scene|after-?break|first-?after-?break|blank-?line|scenebreak\w*|"
    r"sceneshift|leerzeile|time-?break)($|[-_\d])|^(tb|spacebreak|sb|sbreak|brk|asterisks|stars|line-?break)$",
    re.I,
)
CAPTION_CLASS = words(
    r"captions?|fig-?caption|illustration-?caption|bildunterschrift|caption-?(text|p)|figure-?caption|legende|légende|"
    r"img-?caption|pie-?de-?foto|didasc"
)
HEADING_CLASS = words(
    r"(chapter|chap|part|section|book)-?_?(title|head(ing|er)?|num(ber)?|name|opener|subtitle|no)\d*|heading-?_?\d?|"
    r"titolo-?capitolo|kapitel(titel|überschrift|nummer)?|ct|cn|chaptitle|chapnum|h[1-6]|msoheading\d|"
    r"überschrift-?\d?|ueberschrift-?\d?|titre-?\d?|titulo-?\d?|titolo-?\d?|titel-?\d?|sub-?head(ing)?\d*|"
    r"chapter-?number-?\w*"
)
BOILERPLATE = words(r"pg-?(boilerplate|header|footer)|pgheader|pgfooter|project-?gutenberg")
TRANSCRIBER = words(r"tnote|transnote|transcribers?-?_?notes?|trans-?note|tnotes|tnbox|transcriber")
PERMALINK = words(r"headerlink|mw-editsection|editsection|anchorjs-link|permalink")
BLANK_CLASS = words(
    r"blank(-?line)?|empty(-?line)?|spacer?|leer(zeile)?|vspace|white-?space|emptyline|blankline"
)
CODE_CLASS = re.compile(
    r"sourcecode|programlisting|highlight|codeblock|code-?block|^code$|listing|literal-?block|^screen$", re.I
)
