"""Every error a person can meet, each with the exit code the command line ends with.

NocturneError                1
├── BadInput                 2  something a person gave us is wrong: a file, a line, a setting, a date
├── StoreError               1  the DuckDB file cannot be used
│   └── StoreBusy            1  another process holds it
├── BackendError             1  training, conversion or serving machinery failed
│   └── ModelFileError       2  a model file is missing, truncated or not what its digest says
├── GateError                1  a gate could not be evaluated (a failed gate is an outcome, not an error)
└── PublishError             1  the examined model could not be put into service; the old one still serves
"""


class NocturneError(Exception):
    """Root of the tree; its message is shown to the person as it is, so it says what to do."""

    exit_code = 1


class BadInput(NocturneError):
    """Something a person gave us cannot be used."""

    exit_code = 2


class StoreError(NocturneError):
    """The DuckDB file cannot be read or written."""


class StoreBusy(StoreError):
    """Another process holds the store's single-writer lock."""


class BackendError(NocturneError):
    """Training, conversion or serving machinery failed."""


class ModelFileError(BackendError):
    """A model file is missing, truncated or does not match its digest."""

    exit_code = 2


class GateError(NocturneError):
    """A gate could not be evaluated; the candidate is not published."""


class PublishError(NocturneError):
    """The candidate could not be put into service; the previous generation still serves."""
