"""The words of the last card in each language, by what they are for: code, because a file can be missing."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]

ENGLISH: Words = {
    "self": (
        "It sounds as if you may be thinking of ending your life, or of hurting yourself. "
        "I am a script, and something in me broke just now, so please do not wait for me. "
        "Call {line}. If it is about to happen, call {emergency}. "
        "Until somebody answers, go to a person near you and tell them: I am not safe on my own."
    ),
    "unsafe": (
        "It sounds as if somebody may be frightening or hurting you. That is not your fault. "
        "I am a script, and something in me broke just now, so please do not wait for me. "
        "If you are in danger, call {emergency}. When you can talk safely: {line}. "
        "If others use this device, delete this message."
    ),
    "other": (
        "It sounds as if somebody may get hurt, and as if you would rather not be the one. "
        "I am a script, and something in me broke just now, so please do not wait for me. "
        "Get away from them, and leave behind what could do harm. If it is close, call {emergency}. "
        "To talk to a person: {line}."
    ),
    "unreal": (
        "What you write sounds frightening, and you should not be alone with it. "
        "I am a script, and something in me broke just now, so please do not wait for me. "
        "Go to a person you trust, or to a doctor. In danger, call {emergency}. To talk to a person: {line}."
    ),
    "minor": (
        "It sounds as if you may not be grown up yet. I am made for adults only, and you did nothing wrong. "
        "I am a script, and something in me broke just now. "
        "To talk to somebody for young people: {line}. In an emergency, call {emergency}."
    ),
    "away": (
        "I heard that, and I will not help with reaching or steering somebody against their will. "
        "I am a script, and something in me broke just now. "
        "Leave them in peace for today. To talk to a person: {line}. "
        "If anybody may be hurt, call {emergency}."
    ),
    "any": (
        "It sounds as if somebody may be in danger. "
        "I am a script, and something in me broke just now, so please do not wait for me. "
        "If anybody may be hurt, call {emergency}. To talk to a person: {line}."
    ),
    "emergency": "your local emergency number",
    "line": "a helpline from findahelpline.com",
}
SPANISH: Words = {
    "self": (
        "Parece que quizá piensas en quitarte la vida o en hacerte daño. "
        "Soy un programa y algo en mí acaba de fallar, así que no me esperes, por favor. "
        "Llama a {line}. Si está a punto de pasar, llama a {emergency}. "
        "Hasta que alguien conteste, ve con una persona que esté cerca y dile: a solas no estoy a salvo."
    ),
    "unsafe": (
        "Parece que alguien te da miedo o te hace daño. No es culpa tuya. "
        "Soy un programa y algo en mí acaba de fallar, así que no me esperes, por favor. "
        "Si estás en peligro, llama a {emergency}. Cuando puedas hablar sin riesgo: {line}. "
        "Si otras personas usan este teléfono, borra este mensaje."
    ),
    "other": (
        "Parece que alguien puede salir herido, y que preferirías no ser quien lo haga. "
        "Soy un programa y algo en mí acaba de fallar, así que no me esperes, por favor. "
        "Aléjate, y deja atrás lo que pueda hacer daño. Si está cerca de pasar, llama a {emergency}. "
        "Para hablar con una persona: {line}."
    ),
    "unreal": (
        "Lo que escribes suena a mucho miedo, y no conviene pasarlo a solas. "
        "Soy un programa y algo en mí acaba de fallar, así que no me esperes, por favor. "
        "Ve con alguien de confianza, o a un médico. En peligro, llama a {emergency}. "
        "Para hablar con una persona: {line}."
    ),
    "minor": (
        "Parece que quizá todavía no eres mayor de edad. Estoy hecho solo para personas adultas, "
        "y no hiciste nada malo. Soy un programa y algo en mí acaba de fallar. "
        "Para hablar con alguien que escucha a gente joven: {line}. En una emergencia, llama a {emergency}."
    ),
    "away": (
        "Lo leí, y no voy a ayudar a llegar a alguien ni a manejarlo contra su voluntad. "
        "Soy un programa y algo en mí acaba de fallar. "
        "Deja a esa persona en paz por hoy. Para hablar con alguien: {line}. "
        "Si alguien puede salir herido, llama a {emergency}."
    ),
    "any": (
        "Parece que alguien puede estar en peligro. "
        "Soy un programa y algo en mí acaba de fallar, así que no me esperes, por favor. "
        "Si alguien puede salir herido, llama a {emergency}. Para hablar con una persona: {line}."
    ),
    "emergency": "el número de emergencias de donde estás",
    "line": "una línea de ayuda de findahelpline.com",
}
GERMAN: Words = {
    "self": (
        "Das klingt, als ob du daran denkst, dir das Leben zu nehmen oder dich zu verletzen. "
        "Ich bin ein Skript, und gerade ist in mir etwas kaputtgegangen. Bitte warte nicht auf mich. "
        "Ruf an: {line}. Wenn es gleich passieren kann, ruf {emergency} an. "
        "Bis jemand rangeht, geh zu einem Menschen in der Nähe und sag: Allein bin ich nicht sicher."
    ),
    "unsafe": (
        "Das klingt, als ob dir jemand Angst macht oder dich verletzt. Du bist nicht schuld daran. "
        "Ich bin ein Skript, und gerade ist in mir etwas kaputtgegangen. Bitte warte nicht auf mich. "
        "In Gefahr: ruf {emergency} an. Wenn du sicher sprechen kannst: {line}. "
        "Wenn andere dieses Gerät benutzen, lösch diese Nachricht."
    ),
    "other": (
        "Das klingt, als ob jemand verletzt werden kann, und als ob du das lieber nicht willst. "
        "Ich bin ein Skript, und gerade ist in mir etwas kaputtgegangen. Bitte warte nicht auf mich. "
        "Geh weg von dort, und lass zurück, was schaden kann. Wenn es nah ist, ruf {emergency} an. "
        "Um mit einem Menschen zu reden: {line}."
    ),
    "unreal": (
        "Was du schreibst, klingt nach viel Angst. Damit sollst du nicht allein sein. "
        "Ich bin ein Skript, und gerade ist in mir etwas kaputtgegangen. Bitte warte nicht auf mich. "
        "Geh zu jemandem, dem du traust, oder in eine Arztpraxis. In Gefahr: ruf {emergency} an. "
        "Um mit einem Menschen zu reden: {line}."
    ),
    "minor": (
        "Das klingt, als ob du noch nicht volljährig bist. Ich bin nur für Erwachsene gemacht, "
        "und du hast nichts falsch gemacht. Ich bin ein Skript, und gerade ist in mir etwas kaputtgegangen. "
        "Zum Reden, für junge Leute: {line}. Im Notfall: ruf {emergency} an."
    ),
    "away": (
        "Ich habe das gelesen, und ich helfe nicht dabei, jemanden gegen seinen Willen zu erreichen "
        "oder zu lenken. Ich bin ein Skript, und gerade ist in mir etwas kaputtgegangen. "
        "Lass die Person heute in Ruhe. Um mit einem Menschen zu reden: {line}. "
        "Wenn jemand verletzt werden kann, ruf {emergency} an."
    ),
    "any": (
        "Das klingt, als ob jemand in Gefahr ist. "
        "Ich bin ein Skript, und gerade ist in mir etwas kaputtgegangen. Bitte warte nicht auf mich. "
        "Wenn jemand verletzt werden kann, ruf {emergency} an. Um mit einem Menschen zu reden: {line}."
    ),
    "emergency": "die Notrufnummer an deinem Ort",
    "line": "eine Nummer von findahelpline.com",
}
LANGUAGES: Mapping[str, Words] = {"en": ENGLISH, "es": SPANISH, "de": GERMAN}
