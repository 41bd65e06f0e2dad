"""The S2xx codes: the shape of the graph, and what changed in it."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "S201",
        "Target that is nowhere",
        "A way leads to a name that is neither a state of this flow nor one of its outcomes.",
        "Correct the name, or write the state.",
    ),
    Code(
        "S202",
        "State nobody reaches",
        "No way from the flow's entry leads to this state, so nobody will ever read it.",
        "Lead a way to it, or remove it.",
    ),
    Code(
        "S203",
        "Trap",
        "From this state no way leads to an end of the flow: who comes here can only leave by /stop.",
        "Lead one of its ways toward an outcome.",
    ),
    Code(
        "S204",
        "Flow without an end",
        "No way from the entry leads to any outcome of the flow.",
        "Let at least one state `end:` the flow, or go to an outcome.",
    ),
    Code(
        "S205",
        "Outcome that never happens",
        "The flow declares an outcome that no way in it leads to, yet every caller must handle it.",
        "Lead a way to it, or remove it from `outcomes`.",
    ),
    Code(
        "S206",
        "Undeclared outcome",
        "A state ends the flow with a name that is not among its outcomes, so no caller handles it.",
        "Correct the name, or add it to `outcomes` and to every caller.",
    ),
    Code(
        "S207",
        "State and outcome of one name",
        "A target of this name could mean either.",
        "Rename the state or the outcome.",
    ),
    Code(
        "S208",
        "Circle without a wait",
        "These states lead to one another and none of them waits for the person, so a step would never end.",
        "Let one of them wait, or lead the way out of the circle.",
    ),
    Code(
        "S209",
        "Too many states in a step",
        "One answer could move through more states than a step may (25) before somebody is asked.",
        "Join states, or ask something on the way.",
    ),
    Code(
        "S210",
        "Too many messages",
        "One answer could be followed by more than three messages before the person is asked, counted"
        " across the flows that are called on the way.",
        "Join two messages into one prompt, or ask something on the way.",
    ),
    Code(
        "S211",
        "Too many flows stacked",
        "Flows that call one another would stand more than eight deep, those that an interrupt puts on"
        " top included. A flow that calls itself, even through others, has no bound at all.",
        "End a flow before the next begins, or go to a state of the same flow.",
    ),
    Code(
        "S212",
        "Wait without a way out",
        "This state waits and never gives up on an answer it does not understand.",
        "Add `give_up: target` to `ask:`, or an `other: {max_tries: 2, give_up: target}`.",
    ),
    Code(
        "S213",
        "Too many options",
        "No platform shows more than 25 buttons, and no person wants them.",
        "Split the question in two.",
    ),
    Code(
        "S214",
        "Reprompt nobody hears",
        "The last miss gives up and says no reprompt, so the ladder of reprompts holds one less than the"
        " tries at most.",
        "Raise `max_tries`, or remove the reprompts past it.",
    ),
    Code(
        "S215",
        "Interrupt that may not be denied",
        "A flow may refuse small interrupts, never a danger, the one that stops, `human`, `export` or"
        " `delete`: whoever asks whether this is a script is told, and may leave with all or with nothing.",
        "Remove it from `deny`.",
    ),
    Code(
        "S216",
        "Unknown interrupt",
        "`deny` names an interrupt that globals.yaml does not have.",
        "Correct the name, or remove it.",
    ),
    Code(
        "S217",
        "Said twice in globals.yaml",
        "Two interrupts have the same command or the same id, or two dangers the same gate and tier: only"
        " the first would ever be heard.",
        "Remove or rename one.",
    ),
    Code(
        "S218",
        "Line of the core missing",
        "The core says a few lines itself, and globals.yaml names no prompt for this one.",
        "Add it under `lines`.",
    ),
    Code(
        "S219",
        "Flow nothing leads to",
        "No flow calls it or promises it for later, no conversation starts with it, and no interrupt or"
        " danger leads to it.",
        "Call it somewhere, or remove the file.",
    ),
    Code(
        "S220",
        "Outcome to resume by that no flow has",
        "`resume` lists an outcome with which no flow ends, so a parked conversation would wait for it in"
        " vain.",
        "Correct the name, or remove it.",
    ),
    Code(
        "S221",
        "No way to stop",
        "No interrupt in globals.yaml stops. A person must be able to leave at any moment.",
        "Add an interrupt with `do: stop`.",
    ),
    Code(
        "S222",
        "More options than a person reads",
        "More than five options of this state are always shown. Whoever is tired reads three.",
        "Leave some out, show them only `if` they fit, or let words choose them: `typed: true`.",
    ),
    Code(
        "S223",
        "Two answers that cannot follow one another",
        "`several` lets a person name two options at once, which are then taken one after the other, as by"
        " two taps. Here no two options can be, because none leads straight to a question that has the"
        " others, or because a gate stands there.",
        "Lead each of them straight to a question with the same options, or remove `several`.",
    ),
    Code(
        "S224",
        "A story that cannot be heard so",
        "`hears` names a question that has no options, or a slot that cannot hold what is heard there: of a"
        " question the ids of its options, of words for somebody a text, of a moment a duration, beside an"
        " hour that is asked for.",
        "Name a question as `flow.state`, and a slot whose members are ids of its options.",
    ),
    Code(
        "S290",
        "Version not raised",
        "The flow's structure (its states, option ids, slots, outcomes or calls) is not the one flows.lock"
        " remembers under this version. People who wait in the flow are carried over by version, so the same"
        " number may never mean two structures.",
        "Raise `version`, add a `migrate:` entry if states were renamed or removed, and record it anew.",
    ),
    Code(
        "S291",
        "Version lowered",
        "flows.lock remembers a higher version of this flow than the file has.",
        "Give the flow a version above every one in flows.lock.",
    ),
    Code(
        "S292",
        "Version not recorded",
        "flows.lock does not know this version yet. That is right while you work on a flow, and must be"
        " mended before a release.",
        "Record it once the flow is as you want it.",
    ),
    Code(
        "S293",
        "Lock file unreadable",
        "flows.lock is not in the form that Lowtide writes.",
        "Restore it from version control; it is written by Lowtide and not by hand.",
    ),
)
