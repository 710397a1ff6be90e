"""What is asked of things people have and states they are in, in the same words whether told or not."""

from __future__ import annotations

_USED = {
    "phone": ("use",),
    "laptop": ("use",),
    "camera": ("use",),
    "bike": ("ride",),
    "car": ("drive", "own"),
}

KEPT: dict[str, tuple[tuple[str, str], ...]] = {
    f"my {kind}": (
        *(
            (f"{word} {kind} do I {verb}?", f"{word.lower()} {kind} I {verb}")
            for verb in ("have", *used)
            for word in ("What", "Which")
        ),
        (f"What make is my {kind}?", f"what make my {kind} is"),
    )
    for kind, used in _USED.items()
} | {
    "my fear": (
        ("What am I afraid of?", "what I am afraid of"),
        ("What am I scared of?", "what I am scared of"),
    ),
    "my medicine": (
        ("What medicine do I take?", "what medicine I take"),
        ("What medication do I take?", "what medication I take"),
    ),
    "my height": (("How tall am I?", "how tall I am"), ("What is my height?", "what my height is")),
    "my club": (("What club am I in?", "what club I am in"), ("Which club am I in?", "which club I am in")),
    "my pet": (("What pet do I have?", "what pet I have"), ("Which pet do I have?", "which pet I have")),
}
