"""Words as rules compare them: without case, accents or the small words that carry no subject."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PLAIN = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " "})
_WORD = re.compile(r"[0-9a-z]+")
_HIDDEN = re.compile(r"`[^`]*`|\$[^$]+\$|https?://\S+")
_ARTICLE = re.compile(r"(le|la|les|un|une|des|du|au|aux|de la|de l'|l'|d'|en) ?(?=\w)")
# Numbers stand where articles do: « un an » beside « six mois ».
_DETERMINER = re.compile(
    r"(?:d'|de )?(?:l[ae]s?|l'|une?|d[eu]s?|aux?|mon|ma|mes|ton|ta|tes|son|sa|ses|notre|nos|votre|vos|leurs?"
    r"|ce|cet|cette|ces|aucune?|tout|toutes?|tous|chaque|quelques|plusieurs|certaine?s|rien|deux|trois|quatre"
    r"|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|cent)\b"
)
_INFINITIVE = re.compile(r"\w+(?:er|ir|re)\b")
_SMALL = frozenset(
    _WORD.findall(
        "alors apres aussi autre autres avant avec bien cela celle celles celui cependant cette ceux chez"
        " comme comment combien dans depuis deux dont elle elles encore entre etaient etait etre fait font"
        " furent leur leurs lequel laquelle lesquels lesquelles mais meme moins nomme nommee notre nous"
        " parmi pendant peut plus plusieurs pour pourquoi puis quand quel quelle quelles quels quoi sans"
        " selon sera sert sont sous suivant suivante suivants tous tout toute toutes tres trois vers votre"
        " vous reponse reponses appelle appelee appele lors ainsi aupres quelqu"
    )
)


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """``text`` in lower case without accents, its spaces and apostrophes made one kind."""
    lower = text.casefold().translate(_PLAIN)
    if lower.isascii():
        return lower
    return "".join(one for one in unicodedata.normalize("NFD", lower) if one < "\u0300")


@lru_cache(maxsize=200_000)
def words(text: str) -> tuple[str, ...]:
    """The words of ``text``, folded."""
    return tuple(_WORD.findall(fold(text)))


@lru_cache(maxsize=200_000)
def subject(text: str) -> frozenset[str]:
    """The words that tell what ``text`` is about, cut to six letters so that their endings agree."""
    return frozenset(
        word[:6] for word in words(text) if (len(word) > 3 and word not in _SMALL) or word.isdigit()
    )


def same(text: str) -> str:
    """``text`` reduced so that two choices which say the same thing are equal."""
    plain = " ".join(text.casefold().translate(_PLAIN).split()).strip(' .;:!?"«»')
    return _ARTICLE.sub("", plain, count=1) if _ARTICLE.match(plain) else plain


def has_determiner(text: str) -> bool:
    """Whether ``text`` begins with an article or a possessive."""
    return _DETERMINER.match(text.casefold().translate(_PLAIN)) is not None


def is_act(text: str) -> bool:
    """Whether ``text`` begins with what looks like a verb in the infinitive."""
    return _INFINITIVE.match(text) is not None


@lru_cache(maxsize=200_000)
def prose(text: str) -> str:
    """``text`` with code, formulas and addresses blanked out, character for character."""
    if not any(mark in text for mark in ("`", "$", "://")):
        return text
    return _HIDDEN.sub(lambda match: "x" * len(match[0]), text)
