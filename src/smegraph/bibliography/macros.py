"""The macros of LaTeX that pylatexenc does not know, or renders with a loss."""

# ruff: noqa: RUF001 (accents and quotation marks are what it is about)

from __future__ import annotations

import unicodedata

from smegraph.bibliography.record import words

# What an accent adds to a letter, by the names of LaTeX (T1, T4, T5, textcomp) and of its formulas.
ACCENTS = {
    "'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "c": "\u0327", "H": "\u030b", "k": "\u0328", "b": "\u0331", "d": "\u0323",
    "r": "\u030a", "u": "\u0306", "v": "\u030c", "h": "\u0309", "f": "\u0311", "G": "\u030f",
    "C": "\u030f", "U": "\u030e", "cb": "\u0326", "textcommabelow": "\u0326",
    "textcommaabove": "\u0313", "textogonekcentered": "\u0328", "capitalcedilla": "\u0327",
    "capitalcaron": "\u030c", "capitalacute": "\u0301", "capitalgrave": "\u0300",
    "capitaldieresis": "\u0308", "capitalcircumflex": "\u0302", "capitaltilde": "\u0303",
    "capitalring": "\u030a", "textsubdot": "\u0323", "textsubring": "\u0325",
    "textsubbreve": "\u032e", "textsubumlaut": "\u0324", "hat": "\u0302", "check": "\u030c",
    "breve": "\u0306", "acute": "\u0301", "grave": "\u0300", "tilde": "\u0303", "bar": "\u0304",
    "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7", "mathring": "\u030a", "not": "\u0338",
}  # fmt: skip
# What an accent over nothing is.
SPACING = {
    "'": "´", "`": "`", '"': "¨", "^": "^", "~": "~", "=": "¯", ".": "˙", "c": "¸", "H": "˝",
    "k": "˛", "r": "˚", "u": "˘", "v": "ˇ",
}  # fmt: skip
SYMBOLS = {
    "BibTeX": "BibTeX", "LaTeX": "LaTeX", "LaTeXe": "LaTeX2e", "TeX": "TeX", "P": "¶", "S": "§",
    "EUR": "€", "euro": "€", "texteuro": "€", "SS": "ẞ", "copyright": "©", "dag": "†", "ddag": "‡",
    "textcopyright": "©", "textregistered": "®", "textdagger": "†", "textdaggerdbl": "‡",
    "pounds": "£", "textsterling": "£", "textyen": "¥", "textcent": "¢", "textdollar": "$",
    "textsection": "§", "textparagraph": "¶", "textdegree": "°", "degree": "°",
    "textordfeminine": "ª", "textordmasculine": "º", "textnumero": "№", "No": "№",
    "textless": "<", "textgreater": ">", "textbar": "|", "less": "<", "greater": ">", "lt": "<",
    "gt": ">", "slash": "/", "textslash": "/", "textunderscore": "_", "textasciicircum": "^",
    "textasciitilde": "~", "textasciigrave": "`", "textbackslash": "\\",
    "textasteriskcentered": "*",
    "textpercent": "%", "textampersand": "&", "textnumbersign": "#", "textbraceleft": "{",
    "textbraceright": "}",
    "textquotesingle": "'", "textquotedbl": '"', "lq": "‘", "rq": "’", "glq": "‚", "grq": "‘",
    "glqq": "„", "grqq": "“", "flq": "‹", "frq": "›", "flqq": "«", "frqq": "»",
    "quotedblbase": "„", "quotesinglbase": "‚", "guillemotleft": "«", "guillemotright": "»",
    "guillemetleft": "«", "guillemetright": "»", "guilsinglleft": "‹", "guilsinglright": "›",
    "textperiodcentered": "·", "cdotp": "·", "textbullet": "•", "textellipsis": "…",
    "textendash": "–", "textemdash": "—", "textminus": "−", "hyp": "-", "hyphen": "-",
    "textonehalf": "½", "textonequarter": "¼", "textthreequarters": "¾", "textonesuperior": "¹",
    "texttwosuperior": "²", "textthreesuperior": "³", "textexclamdown": "¡",
    "textquestiondown": "¿", "ohorn": "ơ", "OHORN": "Ơ", "uhorn": "ư", "UHORN": "Ư",
    "textschwa": "ə", "ordfeminine": "ª", "ordmasculine": "º", "colon": ":", "mid": "|",
    "par": " ", "newline": " ", "linebreak": " ", "space": " ", " ": " ", "quad": " ", "qquad": " ",
    "enspace": " ", "enskip": " ", "thinspace": " ", "textvisiblespace": " ", "nobreakspace": " ",
    "medspace": " ", "thickspace": " ", ",": " ", ";": " ", ":": " ", ">": " ", "\n": " ",
    "\t": " ", "xspace": "",
}  # fmt: skip
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma "
    "tau upsilon phi chi psi omega"
)
for _letter in _GREEK.split():
    _name = "LAMDA" if _letter == "lambda" else _letter.upper()
    SYMBOLS[f"text{_letter}"] = unicodedata.lookup(f"GREEK SMALL LETTER {_name}")
    SYMBOLS[f"text{_letter.title()}"] = unicodedata.lookup(f"GREEK CAPITAL LETTER {_name}")
# What changes how a text looks, and no letter of it.
LAYOUT = words(
    "Huge Large LARGE allowbreak bf bfseries bm boldmath boldsymbol break centering cal "
    "displaystyle em emph fbox footnotesize hbox hfill huge ignorespaces it itshape large "
    "leavevmode left limits lowercase mathbf mathcal mathfrak mathit mathnormal mathop mathord "
    "mathrel mathbin mathrm mathscr mathsf mathtt mbox mdseries mkbibbold mkbibemph mkbibitalic "
    "nobreak nobreakdash nocase NoCaseChange nohyphens noindent nolinebreak nolinkurl nolimits "
    "normalfont normalsize null oldstylenums operatorname path phantomsection protect relax right "
    "rm rmfamily sc scriptsize scriptstyle scshape selectfont sf sffamily sl slshape small smash "
    "strut text textbf textit textlatin textln textmd textnormal textrm textsc textsf textsl "
    "textstyle texttt textup tiny tt ttfamily uline ul underline unskip upshape big Big bigg Bigg "
    "bigl bigr Bigl Bigr doi @ / - !"
)
# Macros of whose texts the last ones are set, so many; of those in `QUIET` the rest is no text.
ASIDE = {
    "color": 0, "colorbox": 1, "fcolorbox": 1, "fontencoding": 0, "fontfamily": 0, "fontseries": 0,
    "fontshape": 0, "foreignlanguage": 1, "href": 1, "hspace": 0, "label": 0, "noopsort": 0,
    "selectlanguage": 0, "SortNoop": 0, "sortnoop": 0, "texorpdfstring": 1, "textcolor": 1,
    "vspace": 0,
}  # fmt: skip
QUIET = frozenset(ASIDE) - {"href", "label", "noopsort", "SortNoop", "sortnoop"}
# What pylatexenc replaces by something else.
DOUBTFUL = words(
    "Cref Ident author autoref chapter cite citep citet cref date eqref footnote footnotemark id "
    "include includegraphics input item maketitle overbrace overline overrightarrow overleftarrow "
    "paragraph part ref section sqrt subparagraph subsection subsubsection thanks title today "
    "underbrace widehat widetilde verb"
)
SYNTAX = {
    "MakeLowercase": "{", "MakeUppercase": "{", "SortNoop": "{", "color": "{", "colorbox": "{{",
    "enquote": "{", "fcolorbox": "{{{", "fontencoding": "{", "fontfamily": "{", "fontseries": "{",
    "fontshape": "{", "foreignlanguage": "[{{", "href": "{{", "lowercase": "{", "mkbibquote": "{",
    "noopsort": "{", "sortnoop": "{", "t": "{", "texorpdfstring": "{{", "textcolor": "[{{",
    "textsubscript": "{", "textsuperscript": "{", "uppercase": "{", "url": "{",
}  # fmt: skip
