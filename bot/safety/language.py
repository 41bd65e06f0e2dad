"""Which language is a text in? A guess by its commonest words: good for sentences, not for single words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal, TypeAlias, cast

Language: TypeAlias = Literal["en", "es", "de", "other"]

_LONGEST = 2_000
"""Characters that are looked at: enough to tell, and a bound on the time."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MOSTLY = 0.5
_LEAST, _TWICE = 2.0, 2.0
"""What must speak for a language, and how much more than for any other, until there is no doubt."""

_COMMON: Mapping[str, str] = {
    "en": """i im ive id you youre u ur he hes she shes it its they theyre we my your his her their our me him
    them us the a an and or but if because cuz of to in on at for from with without about into over am
    is are was were be been being do does did dont doesnt didnt don't doesn't didn't i'm i've i'd i'll
    it's he's she's that's can't cant won't wont isn't have has had havent haven't not no never nothing
    nobody anyone someone everyone just so very really too this that these those there here what when
    where who why how all any some more most other than then now today tonight tomorrow never again will
    would could should can get got go going gonna wanna want know think feel like need make said say
    tell talk up out off down back only even still think hi hello hey thanks thank please yes sorry ok
    okay lol friend friends mum mom dad sister brother time people""",
    "es": """yo tu tú él ella ellos ellas nosotros usted ustedes mi mis su sus nos os lo los la las le
    les el un
    una unos unas y o pero si sí porque de del a al en con sin por para sobre entre hasta desde es soy
    eres está estoy están estás estar ser era fue fui fueron he ha han has hay haber había tengo tiene
    tienes tienen tener hace hacer hago no nunca nada nadie ya ni muy más mas menos todo todos toda
    todas algo alguien este esta esto ese esa eso aquí ahí allí qué que q quién quien cómo como cuándo
    cuando dónde donde cuánto quiero quiere quieres puedo puede siento sé se me te hoy mañana ayer noche
    siempre también tambien solo sólo así asi vida gracias hola buenos buenas tardes días vale bueno
    hijo hija madre padre hermano hermana amigo amiga amigos casa neta tío jaja jajaja porfa pues voy va
    vas vamos dice dijo ir ver contesto hablar""",
    "de": """ich du er sie es wir ihr mein meine meinen meinem meiner dein deine sein seine ihre unser
    mich mir
    dich dir ihn ihm uns euch der die das den dem des ein eine einen einem einer und oder aber wenn weil
    dass ob als wie von vom zu zum zur in im an am auf für mit ohne bei nach aus über um bin bist ist
    sind seid war waren wird werde werden wurde habe hab hast hat haben hatte kann kannst können will
    willst wollen muss musst soll sollte möchte mag nicht nichts nie niemand niemandem keiner kein keine
    keinen nur noch schon mehr immer wieder sehr ganz alle alles alles etwas jemand heute morgen gestern
    abend nacht jetzt hier da dann so auch doch mal halt eben einfach was wer wo wann warum wieso hallo
    danke bitte ja nein mutter vater bruder schwester freund freundin leben mach macht gemacht geht gehe
    gesagt sagt denke weiß sich selbst haha digga moin""",
    # French, Portuguese, Italian, Dutch, Polish, Turkish, Swedish: known, lest they
    # are taken for ours.
    "other": """je tu il elle nous vous ils elles mon ma mes ton ta tes son sa ses notre votre leur le
    les un une
    des du et ou mais si parce que qui quoi où quand comment pourquoi de dans avec sans pour sur est
    suis es sont était ai as ont avez ne pas plus jamais rien personne tout tous très bien aussi ça ce
    cette c'est j'ai j'en je suis veux peux fais faire vie merci bonjour salut oui non aujourd'hui
    demain eu você voce ele ela eles nós meu minha meus seu sua não nao sim um uma uns os as e ou mas se
    porque que do da dos das no na nos nas com sem por para está estou estão são foi ser ter tenho tem
    quero posso muito mais nada ninguém ninguem tudo todo hoje amanhã obrigado obrigada olá oi bom vida
    também só já io lui lei noi voi loro mio mia miei suo sua il lo gli una uno di della dello nel nella
    con senza per sono sei è era ho hai ha abbiamo non più mai niente nessuno tutto tutti anche questo
    questa che chi cosa come quando dove perché perche voglio posso oggi domani grazie ciao buongiorno
    vita molto ancora ik jij je hij zij wij jullie mijn jouw zijn haar ons onze het een en of maar als
    omdat van naar op aan met zonder voor bij ben bent niet geen nooit niets niemand alles iets nog wel
    ook heel meer wil kan moet heb hebt heeft hebben was waren wordt dit dat deze die wat wie waar hoe
    waarom vandaag morgen dank bedankt hoi hallo leven ja ty on ona my wy oni mój moja nie tak jest
    jestem są był była mam masz ma chcę chce mogę już tylko bardzo wszystko nikt nic nigdy dlaczego
    kiedy gdzie co kto jak dziś jutro dzień dobry dziękuję życie się że do na z w ben sen o biz siz
    onlar benim senin ve ama çünkü için ile değil yok var bir bu şu ne kim nasıl neden çok daha hiç
    kimse her şey istiyorum bugün yarın merhaba teşekkürler hayat jag han hon vi ni de min din sitt och
    eller men om att av till i på för med utan är var har hade inte ingen inget aldrig allt något vill
    kan måste mycket också idag imorgon tack hej livet vad vem hur varför""",
}


def _weights() -> dict[str, dict[str, float]]:
    """Give each word to its languages, in equal parts: what two share says little."""
    owners: dict[str, list[str]] = {}
    for language, words in _COMMON.items():
        for word in dict.fromkeys(words.split()):
            owners.setdefault(word, []).append(language)
    return {word: dict.fromkeys(of, 1 / len(of) ** 2) for word, of in owners.items()}


_OWNERS = _weights()
_SIGNS = {"ñ": "es", "¿": "es", "¡": "es", "ß": "de", "ä": "de", "ö": "de", "ü": "de"}
_FOREIGN = "ąćęłńśźżğşıçãõœåêîôûàèìòùø"


def guess(text: str, otherwise: Language = "en") -> Language:
    """Guess a text's language; `otherwise` where nothing tells, as in a name, a number or a single word."""
    scores = _scores(text)
    best = max(scores, key=lambda one: (scores[one], one == otherwise))
    return cast(Language, best) if scores[best] > scores[otherwise] else otherwise


def clearly(text: str) -> Language | None:
    """Return the language a text is in beyond doubt; None where it may be another or is too short."""
    scores = _scores(text)
    best, second = sorted(scores, key=lambda one: -scores[one])[:2]
    sure = scores[best] >= _LEAST and scores[best] >= _TWICE * scores[second]
    return cast(Language, best) if sure else None


def _scores(text: str) -> dict[str, float]:
    """Count what speaks for each language: its words, and letters that only it has."""
    seen = unicodedata.normalize("NFKC", text[:_LONGEST]).lower()
    scores = dict.fromkeys(_COMMON, 0.0)
    letters = [letter for letter in seen if letter.isalpha()]
    if sum(map(_is_latin, letters)) < _MOSTLY * len(letters):
        scores["other"] = float(len(letters))
        return scores
    for word in _WORD.findall(seen):
        for language, weight in _OWNERS.get(word.replace("’", "'"), {}).items():
            scores[language] += weight
    for letter in letters + [sign for sign in seen if sign in "¿¡"]:
        if letter in _SIGNS:
            scores[_SIGNS[letter]] += _MOSTLY
        elif letter in _FOREIGN:
            scores["other"] += _MOSTLY
    return scores


def _is_latin(letter: str) -> bool:
    return letter.isascii() or "LATIN" in unicodedata.name(letter, "")
