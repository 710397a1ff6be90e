"""The gates that ask a model something, in the order of a report."""

ASKING_GATES = (
    "recall",
    "over-abstention",
    "false memory",
    "leak",
    "residue",
    "general knowledge",
    "refusals",
    "over-refusal",
    "helpfulness",
    "role",
    "dream bias",
    "collapse",
)
