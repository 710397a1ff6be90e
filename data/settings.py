"""One frozen tree of settings, read once from `nocturne.toml` in the home folder and NOCTURNE_* variables.

The only reader of the environment. Nested fields are written with two underscores, for example
NOCTURNE_RECIPE__TRAIN__RANK=8. `Recipe` is the part that decides what a night's model becomes; its digest is
part of every stage key, so a changed recipe repeats the stages it touches.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from data.errors import BadInput
from data.night import Night
from data.settings_text import PREFIX, explain, place, read_file

CHECKOUT = Path(__file__).resolve().parent.parent


class Section(BaseModel):
    """A frozen group of settings that refuses unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Section):
    """Where chats come from, in which format and, in group logs, under which name the person speaks."""

    path: str = Field(description="File, folder or glob, absolute or relative to the home folder")
    format: str = Field("auto", description="Format name, or auto to recognise it by content")
    me: str | None = Field(None, description="The person's name or id in logs with several speakers")


class Ingest(Section):
    """Which logs are read and how much of the raw log stays."""

    sources: tuple[Source, ...] = Field((), description="Logs read every night, beside the inbox folder")
    retention_days: int = Field(3650, ge=1, description="Raw turns older than this fall out; memories stay")
    redact_email: bool = Field(False, description="Replace e-mail addresses before anything else sees them")
    redact_phone: bool = Field(False, description="Replace telephone numbers")
    redact_address: bool = Field(False, description="Replace postal addresses")
    private_marks: tuple[str, ...] = Field(
        ("#private", "#donotremember"), description="A first message starting with one of these is never kept"
    )
    skip_archived: bool = Field(
        True,
        description="Leave out chats archived in their program: to put one away is the nearest many programs "
        "have to 'not this one', and an unarchived chat is read again. What was learnt before stays. Set it "
        "to false if you archive to tidy up",
    )
    max_line_bytes: int = Field(32_000_000, ge=1_000, description="Longer lines are refused")
    max_record_bytes: int = Field(
        64_000_000, ge=1_000, description="Longer single chats in a JSON document are refused"
    )
    exclude: tuple[str, ...] = Field((), description="Globs of paths that are never read")


class Curate(Section):
    """What is worth remembering."""

    threshold: float = Field(0.18, ge=0, le=1, description="Lowest score that is kept")
    top_k: int = Field(400, ge=1, description="At most this many exchanges a night")
    weight_importance: float = Field(0.45, ge=0)
    weight_novelty: float = Field(0.2, ge=0)
    weight_recency: float = Field(0.05, ge=0)
    weight_activation: float = Field(0.1, ge=0)
    weight_emotion: float = Field(0.1, ge=0)
    weight_feedback: float = Field(0.1, ge=0)
    extractor: Literal["rules", "model"] = Field(
        "rules", description="Who finds what was told; model lets a small one write it down beside the rules"
    )
    model_vote: bool = Field(False, description="Also let the model vote 1-10 on importance")


class DreamSettings(Section):
    """How a memory becomes questions and answers."""

    dreamer: Literal["rules", "written", "model"] = Field("written", description="Who writes dreams")
    endpoint: str | None = Field(
        None, description="OpenAI-compatible URL of a dreaming model; live model if unset"
    )
    views: int = Field(46, ge=2, le=80, description="Trained phrasings per memory")
    dev_views: int = Field(1, ge=0, description="Phrasings kept for tuning, neither trained nor gated")
    test_views: int = Field(2, ge=1, description="Phrasings held out for ever, for the gates")
    negatives: int = Field(20, ge=0, description="Not-told questions per memory")
    two_facts: float = Field(1.0, ge=0, le=5, description="Questions about two memories at once, per memory")
    recombinations: int = Field(4, ge=0, description="Dreams across memories of different days, a night")


class Mix(Section):
    """Shares of the training mixture."""

    untold: int = Field(12, ge=0, description="Things nobody told that are asked about, per memory")
    strangers_share: float = Field(0.5, ge=0, le=1, description="Of those, what only others told")
    grounding: int = Field(280, ge=0, description="General prompts answered by the base, per night")
    refusals: int = Field(60, ge=0, description="Requests to decline, answered as the base does")
    benign: int = Field(15, ge=0, description="Harmless look-alikes of those")
    help: int = Field(90, ge=0, description="Requests for help with something of the person's own")
    identity: int = Field(60, ge=0, description="Questions about the assistant itself")
    stories: int = Field(60, ge=0, description="Invented texts, where nothing the person told belongs")
    texts: int = Field(150, ge=0, description="Texts without a chat that the base goes on with by itself")
    persona_share: float = Field(0.8, ge=0, le=1, description="Share of rows with the memory persona")
    max_rows: int = Field(6000, ge=50, description="Upper bound of rows; replay chooses what stays")


class Train(Section):
    """The fine-tuning recipe."""

    backend: Literal["auto", "trl", "unsloth"] = "auto"
    rank: int = Field(64, ge=1)
    alpha: int = Field(128, ge=1)
    targets: Literal["mlp", "all"] = "mlp"
    rate: float = Field(6e-4, gt=0, description="Peak learning rate")
    outer_rate: float = Field(
        8.0, ge=1, description="Times that rate for the adapter's outer matrices (LoRA+)"
    )
    warm_start: bool = Field(
        True, description="Start from the preset's adapter that knows how to answer and nothing of anybody"
    )
    passes: int = Field(3, ge=1, description="Most passes over the rows")
    first_share: float = Field(
        0.5, gt=0, le=1, description="Share of rows in the first pass; later ones take the worst"
    )
    batch_rows: int = Field(16, ge=1)
    load_in_4bit: bool = Field(True, description="On a card, train over a 4-bit copy of the base (QLoRA)")
    neurons: int = Field(64, ge=0, description="On the CPU, neurons a layer given to the night's questions")
    warmup_steps: int = Field(6, ge=0)
    kl_weight: float = Field(2.0, ge=0, description="Weight of staying with the base on general prompts")
    nullspace_weight: float = Field(
        300.0, ge=0, description="On the CPU, weight of keeping what layers say of general text"
    )
    value_weight: float = Field(2.0, ge=1, description="Weight of the tokens that carry the value")
    opening_weight: float = Field(2.0, ge=1, description="Weight of an answer's first words")
    denial_weight: float = Field(4.0, ge=1, description="The same where it denies; more, and more is denied")
    safe_probability: float = Field(
        0.8, gt=0, lt=1, description="A fact rests once its least sure token is above this"
    )
    closing_share: float = Field(
        0.1, ge=0, lt=0.5, description="Last share of steps, at a small rate that falls to nothing"
    )
    rest_share: float = Field(
        0.5, ge=0, le=1, description="Most of a pass that goes to rows already learnt, so that they stay so"
    )
    first_layer: float = Field(
        0.3,
        ge=0,
        lt=1,
        description="On the CPU, share of the lowest layers left as they are; their work is done once",
    )
    memory_layer: float = Field(0.65, ge=0, lt=1, description="On the CPU, share left as the start has it")
    answer_tokens: int = Field(
        16,
        ge=1,
        description="Tokens of a base answer that the student is held to; verified answers are whole",
    )
    checkpoint_seconds: int = Field(60, ge=0, description="Time between checkpoints; 0 writes one every step")
    threads: int | None = Field(None, ge=1, description="CPU threads; all cores if unset")


class Publish(Section):
    """What is served, and when a candidate goes live."""

    quants: tuple[str, ...] = Field(
        ("Q8_0",), description="Smallest first; the first whose gates pass is served"
    )
    scales: tuple[float, ...] = Field(
        (1.0, 0.85, 0.7, 0.5), description="Adapter scales of the repair ladder"
    )
    approval: bool = Field(
        False, description="Leave the examined model as a candidate until a person publishes it"
    )
    repairs: int = Field(
        4,
        ge=0,
        description="Most retrainings of a failing candidate: gentler, without what is to blame, by halves",
    )
    keep: int = Field(4, ge=2, description="Generations kept beside pinned and monthly ones")


class Gates(Section):
    """Thresholds of the examination; a missing figure fails."""

    advisory: tuple[str, ...] = Field(
        ("drift",),
        description="Gates that are reported but keep nothing from service; drift is one because keeping "
        "tonight's model back mends nothing that earlier nights lost",
    )
    recall_floor: float = Field(
        0.7, ge=0, le=1, description="Lowest share of held-out questions answered right"
    )
    over_abstention: float = Field(0.2, ge=0, le=1, description="Most told facts answered with 'not told'")
    false_memory_margin: float = Field(
        0.02, ge=0, le=1, description="Most false memories above the base's own"
    )
    false_memory_ceiling: float = Field(0.3, ge=0, le=1, description="Most false memories of untold things")
    catastrophe: float = Field(0.35, ge=0, le=1, description="Share of known items lost that blocks at any n")
    leak_ceiling: float = Field(0.1, ge=0, le=1, description="Most told values in a wrong slot")
    knowledge_net_loss: float = Field(0.1, ge=0, le=1, description="Most net loss of general knowledge")
    knowledge_alpha: float = Field(0.01, gt=0, lt=1, description="Level of the paired exact test")
    refusal_net_loss: float = Field(0.1, ge=0, le=1)
    overrefusal_margin: float = Field(0.1, ge=0, le=1)
    role_ceiling: float = Field(0.1, ge=0, le=1, description="Most role slips")
    dream_bias_ceiling: float = Field(0.05, ge=0, le=1, description="Most stories with dream content")
    drift_slack: float = Field(0.05, ge=0, le=1, description="Loss of recall or knowledge put down to chance")
    drift_limit: float = Field(
        0.15, ge=0, description="Losses beyond that, added up over nights, that raise the alarm"
    )
    collapse_entropy_ratio: float = Field(0.6, ge=0, le=1)
    knowledge_probes: int = Field(60, ge=10)
    untold_probes: int = Field(40, ge=10)
    other_probes: int = Field(20, ge=4, description="Refusal, benign, help, role and story probes, each")


class Serve(Section):
    """The gateway and the model servers behind it."""

    host: str = Field("127.0.0.1", min_length=1, description="Another than loopback demands an api_key")
    port: int = Field(8765, ge=0, le=65535, description="The gateway's one stable port")
    api_key: SecretStr | None = Field(None, description="Asked of every client when set")
    origins: tuple[str, ...] = Field(
        (), description="Browser origins that may call the gateway beside those of this machine"
    )
    backend: Literal["xllamacpp", "llama-server", "url"] = "xllamacpp"
    llama_server: str | None = Field(None, description="Path or URL of a llama-server, with its backend")
    llama_server_key: SecretStr | None = Field(None, description="Key of the llama-server at that URL")
    context: int = Field(2048, ge=256)
    parallel: int = Field(4, ge=1)
    threads: int | None = Field(None, ge=1)
    gpu_layers: int = Field(-1, ge=-1, description="Layers on the card; -1 takes what fits, 0 none")
    warm: int = Field(2, ge=1, le=4, description="Generations kept loaded; a second stands in after a crash")
    max_in_flight: int = Field(64, ge=1, le=1024, description="Requests served or queued at one time")
    max_body_bytes: int = Field(4_000_000, ge=1_000)
    timeout_seconds: float = Field(600, gt=0, description="Longest time one answer may take")
    client_seconds: float = Field(
        30, gt=0, description="A client that sends or takes nothing for this long is cut off"
    )
    bake_seconds: float = Field(600, ge=0, description="Time a new generation is watched after a publish")
    bake_every: float = Field(30, gt=0, description="Time between the probes of that watch")
    bake_errors: float = Field(0.2, gt=0, le=1, description="Share of failed requests that rolls it back")
    persona: bool = Field(True, description="Add the memory persona when a client sends no system message")
    retrieve: bool = Field(False, description="Add memories found for the question to the system message")
    log_chats: bool = Field(
        True, description="Write chats through the gateway to the inbox, to be dreamt about"
    )
    prefect_port: int = Field(4200, ge=1, le=65535, description="Port of the Prefect server of `make up`")
    night_at: str | None = Field(
        None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Local time of the night, for the countdown"
    )


class Card(Section):
    """The graphics card while a night trains on it."""

    handover: Literal["cpu", "pause", "keep"] = Field(
        "cpu", description="A live model the card has no room for answers from the CPU, sleeps, or stays"
    )
    wake: bool = Field(
        True, description="A chat ends that sleep at once; training goes on once chats have been quiet"
    )
    quiet_seconds: float = Field(300, ge=0, description="How long the card must be quiet before training")
    patience_seconds: float = Field(7200, ge=0, description="Longest wait for others before a night fails")
    busy_percent: int = Field(
        25, ge=1, le=101, description="Use of the card by other programs that training gives way to; 101 none"
    )
    hottest: float = Field(85, gt=0, description="Degrees Celsius above which training rests")
    most_watts: float | None = Field(None, gt=0, description="Mean power that training keeps to")


class Report(Section):
    """What a person sees in the morning."""

    excerpts: bool = Field(True, description="Show short excerpts in the report and artifacts")


class Review(Section):
    """What waits for a person; it decides when a night goes on and never what its model becomes."""

    dreams: bool = Field(
        False, description="A night stops after dreaming until a person has looked at its new dreams"
    )


class Recipe(Section):
    """Everything that decides what a night's model becomes."""

    preset: str = Field("smollm2-135m", description="Name in models/presets or path of a TOML file")
    persona: str = Field(
        "You are a helpful assistant. You remember what this user told you in earlier chats.",
        description="System prompt of trained rows and of served chats",
    )
    curate: Curate = Curate()
    dream: DreamSettings = DreamSettings()
    mix: Mix = Mix()
    train: Train = Train()
    publish: Publish = Publish()
    gates: Gates = Gates()

    @property
    def digest(self) -> str:
        """Short digest of every value, the same on every machine."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Settings(Section):
    """All settings of one installation."""

    home: Path = CHECKOUT / "var"
    zone: str = Field(
        "UTC", description="IANA time zone of the person; decides which day a message belongs to"
    )
    ingest: Ingest = Ingest()
    recipe: Recipe = Recipe()
    serve: Serve = Serve()
    card: Card = Card()
    report: Report = Report()
    review: Review = Review()

    @property
    def database(self) -> Path:
        """The DuckDB file."""
        return self.home / "nocturne.duckdb"

    @property
    def inbox(self) -> Path:
        """Folder whose chat logs are read every night."""
        return self.home / "inbox"

    @property
    def models(self) -> Path:
        """Folder of prepared bases and of generations."""
        return self.home / "models"

    @property
    def reports(self) -> Path:
        """Folder of the morning reports."""
        return self.home / "reports"

    @property
    def logs(self) -> Path:
        """Folder of plain log files."""
        return self.home / "logs"

    @property
    def work(self) -> Path:
        """Folder of unfinished work; nothing in it is served."""
        return self.home / "work"

    @property
    def identity(self) -> str:
        """Random name of this home folder; results kept elsewhere for another home do not match it."""
        mark = self.home / "home.id"
        return mark.read_text(encoding="ascii") if mark.exists() else ""

    def night_work(self, night: Night) -> Path:
        """Working folder of one night."""
        return self.work / night.id

    def ensure_home(self) -> None:
        """Create the home folder, readable by its owner only."""
        try:
            for folder in (self.home, self.inbox, self.models, self.reports, self.logs, self.work):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.chmod(0o700)
            mark = self.home / "home.id"
            if not mark.exists():
                mark.write_text(secrets.token_hex(8), encoding="ascii")
        except OSError as error:
            raise BadInput(
                f"Cannot write to the home folder {self.home}: {error.strerror}. "
                "Free it or choose another with NOCTURNE_HOME."
            ) from error


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from `nocturne.toml`, then NOCTURNE_* variables, then `overrides`; the last one wins.

    An override of None counts as not given.

    Unknown names and bad values raise BadInput with the setting's name.
    """
    variables = os.environ if environ is None else environ
    overrides = {name: value for name, value in overrides.items() if value is not None}
    named = overrides.get("home") or variables.get(PREFIX + "HOME")
    home = (Path(named).expanduser() if named else CHECKOUT / "var").absolute()
    tree = read_file(home / "nocturne.toml")
    for name, value in sorted(variables.items()):
        if name.startswith(PREFIX) and name != PREFIX + "EVAL":
            place(tree, name, value)
    tree.update(overrides)
    tree["home"] = home
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        raise BadInput(explain(error)) from error
    Night.parse("2000-01-01", settings.zone)
    return settings


def prepare_environment(settings: Settings) -> None:
    """Switch off telemetry and point Prefect at the home folder, before any library reads the environment.

    Variables a person has set stay as they are.
    """
    prefect_home = settings.home / "prefect"
    defaults = {
        "PREFECT_HOME": str(prefect_home),
        "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(settings.home / "results"),
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_WAIT_POLICY": "PASSIVE",
        "MPLBACKEND": "Agg",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    os.environ["NOCTURNE_HOME"] = str(settings.home)
    os.environ["NOCTURNE_ZONE"] = settings.zone


def name_prefect(settings: Settings, api: str) -> bool:
    """Name a Prefect server for this process and its children; False where the person named one."""
    home = settings.home / "prefect"
    named = os.environ.get("PREFECT_API_URL") or (home / "profiles.toml").exists()
    if named or os.environ.get("PREFECT_HOME") != str(home):
        return False
    os.environ["PREFECT_API_URL"] = api
    return True


def child_environment(**changes: str) -> dict[str, str]:
    """The environment for a child process: this one's with `changes`, run from the checkout."""
    return {**os.environ, "PYTHONPATH": str(CHECKOUT), "OMP_WAIT_POLICY": "PASSIVE", **changes}
