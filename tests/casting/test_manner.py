from dotsbook.casting.manner import Manner

PIRATE = "Arr, matey, ye scurvy dog, belay that and hoist the sail, says I, arr"
CLERK = "Indeed, sir, I must respectfully decline the honour of your invitation to the office"


def test_words_speak_for_whoever_uses_them():
    texts = [PIRATE] * 6 + [CLERK] * 6 + ["Arr, belay the sail, ye dog"]
    manner = Manner(texts, [0] * 6 + [1] * 6 + [None])
    pirate, clerk, stranger = manner.evidence(12, [0, 1, 2])
    assert pirate > 0.5 > 0 > clerk and stranger == 0.0


def test_a_line_says_nothing_for_itself():
    manner = Manner([PIRATE, CLERK], [0, 1])
    assert manner.evidence(0, [0, 1]) == [0.0, 0.0]
