"""The command line: `python -m flows VERB`. Thin: each verb calls the flow or the function of its name.

Exit codes: 0 done, 1 failed, 2 bad usage or bad input, 3 rejected by a gate, 4 waiting for a person to look
at the night's dreams, 130 stopped by Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from pkgutil import resolve_name

from data.errors import BadInput, NocturneError
from data.settings import Settings, load_settings, prepare_environment

Verb = Callable[[Settings, argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, run the verb, and turn every error of ours into one message and its exit code."""
    try:
        options = _parser().parse_args(arguments)
        settings = load_settings(zone=SAMPLE_ZONE if getattr(options, "sample", False) else None)
        settings.ensure_home()
        prepare_environment(settings)
        verb: Verb = options.verb
        code = verb(settings, options)
        sys.stdout.flush()
        return code
    except NocturneError as error:
        print(f"nocturne: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("nocturne: stopped. Nothing is lost; the same command continues.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read the output (`| head`) has enough; what is left must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(
            f"nocturne: {error.strerror or error}: {error.filename or ''}. Nothing is lost.", file=sys.stderr
        )
        return 1


SAMPLE_ZONE = "Europe/Berlin"


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write YYYY-MM-DD") from error
    if not date.min.year < day.year < date.max.year:  # its window must have an end in every zone
        raise argparse.ArgumentTypeError(f"{text} is no day that anybody chatted on")
    return day


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of nights; write 0 or more")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m flows", description="A local model that sleeps on what you told it."
    )
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")

    def verb(name: str, run: Verb, text: str, *, json: bool = False) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=text, description=text)
        one.set_defaults(verb=run)
        if json:
            one.add_argument("--json", action="store_true", help="print one JSON object for programs")
        return one

    one = verb("night", _night, "dream about one day, train, examine and publish")
    one.add_argument("--redo", action="store_true", help="run a finished night again")
    day = one.add_mutually_exclusive_group()
    day.add_argument(
        "date", nargs="?", type=_day, help="the day, YYYY-MM-DD; the last complete one if left out"
    )
    day.add_argument("--sample", action="store_true", help="use the first day of the sample week")
    one = verb("backfill", _backfill, "run past nights, oldest first")
    one.add_argument("--from", dest="first", type=_day, required=True, metavar="DATE", help="the first day")
    one.add_argument("--to", dest="last", type=_day, required=True, metavar="DATE", help="the last day")
    one.add_argument("--plan", action="store_true", help="show what would be done and change nothing")
    one.add_argument("--redo", action="store_true", help="also repeat published nights")
    one.add_argument("--every", type=_count, default=0, metavar="N", help="also train after every N nights")
    verb("undo", _undo, "return store and live model to the state before the last backfill")
    one = verb("ingest", _ingest, "read chat logs", json=True)
    one.add_argument("paths", nargs="*", type=Path, help="files or folders; inbox and sources if left out")
    one.add_argument("--dry-run", action="store_true", help="show what would be read and change nothing")
    verb("status", _status, "what is live, running, pending and scheduled", json=True)
    one = verb("memories", _memories, "list what is remembered", json=True)
    one.add_argument("query", nargs="?", help="only the memories nearest to these words")
    one.add_argument("--all", action="store_true", help="also superseded and forgotten ones")
    one = verb("dreams", _dreams, "look at a night's dreams before they are trained", json=True)
    one.add_argument("--night", type=_day, help="the day; the one that waits, or the newest, if left out")
    one.add_argument("--all", action="store_true", help="also those you let pass and those that were refused")
    one.add_argument("--veto", nargs="+", default=(), metavar="ID", help="refuse these, also in later nights")
    one.add_argument("--approve", action="store_true", help="let the others pass")
    one = verb("forget", _forget, "remove memories, their dreams, rows and turns for good", json=True)
    one.add_argument("ids", nargs="*", metavar="ID")
    one.add_argument("--about", help="memories about these words")
    one.add_argument("--conversation", help="everything told in this conversation")
    one.add_argument("--yes", action="store_true", help="do not ask")
    one = verb("correct", _correct, "replace what a memory says", json=True)
    one.add_argument("id", metavar="ID")
    one.add_argument("statement", help='a sentence in the first person, "My dog is called Bramble."')
    one = verb("ask", _ask, "ask the live model", json=True)
    one.add_argument("question")
    one.add_argument("--base", action="store_true", help="ask the untouched base model instead")
    one = verb("audit", _audit, "examine the live model again", json=True)
    one = verb("rollback", _rollback, "put an earlier generation back into service", json=True)
    one.add_argument("generation", nargs="?", help="its id; the previous one if left out")
    one = verb("publish", _publish, "publish a candidate after reading its report", json=True)
    one.add_argument("generation", nargs="?", help="its id; the newest candidate if left out")
    one.add_argument("--reason", default="", help="why, kept with the generation")
    one = verb("doctor", _doctor, "check and repair the installation", json=True)
    one.add_argument(
        "--fetch", action="store_true", help="download the preset's base model if it is not here"
    )
    verb("serve", _serve, "run the gateway in the foreground")
    one = verb("export", _export, "write MEMORY.md and memories.json")
    one.add_argument("folder", nargs="?", type=Path, help="where to; the home folder if left out")
    one = verb("gguf", _gguf, "write a model as one .gguf file, for other programs")
    one.add_argument("file", type=Path, help="where to")
    one.add_argument("generation", nargs="?", help="its id; the live one if left out")
    verb("up", _up, "run Prefect server, worker and gateway in the foreground")
    verb("down", _down, "stop what `up` started")
    return parser


def _night(settings: Settings, options: argparse.Namespace) -> int:
    from tasks.own_server import own_server

    with own_server(settings) as server:
        from tasks import console

        if options.sample:
            options.date = console.place_sample(settings)
        if not options.redo and (line := console.nothing_to_do(settings, options.date)):
            print(line)
            return 0
        from flows.nightly import nightly
        from tasks import check

        check.preload()
        console.log_to_file(settings, f"night-{options.date or 'last'}")
        with server.used():
            state = nightly(night=options.date, redo=options.redo, return_state=True)
            return console.show_night(settings, state, sample=options.sample)


def _backfill(settings: Settings, options: argparse.Namespace) -> int:
    if options.last < options.first:
        raise BadInput(f"--to {options.last} lies before --from {options.first}. Swap them.")
    if options.plan:
        from tasks import console, history

        return console.show_plan(
            history.plan(settings, options.first, options.last, options.redo, options.every)
        )
    return _run_flow(
        settings,
        "flows.backfill:backfill",
        first=options.first,
        last=options.last,
        redo=options.redo,
        every=options.every,
    )


def _run_flow(settings: Settings, flow: str, **parameters: object) -> int:
    """Run a flow on a Prefect server of this command's own, which has to begin before the flow's imports."""
    from tasks.own_server import own_server

    with own_server(settings) as server:
        run = resolve_name(flow)
        from tasks import console

        with server.used():
            return console.show_state(run(**parameters, return_state=True))


def _undo(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import history

    print(history.undo(settings))
    return 0


def _ingest(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import console

    return console.ingest(settings, options.paths, dry_run=options.dry_run, as_json=options.json)


def _status(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import console

    return console.show(console.status(settings), as_json=options.json)


def _memories(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import console, remembering

    rows = remembering.listed(settings, options.query, everything=options.all)
    return console.show_memories(rows, as_json=options.json)


def _dreams(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import console, review

    done: dict[str, object] = {}
    if options.veto:
        done["vetoed"] = review.veto(settings, options.veto)
    if options.approve:
        night, done["approved"] = review.approve(settings, options.night)
        done["next"] = f"python -m flows night {night}"
    if done:
        return console.show(done, as_json=options.json)
    night, dreams = review.listed(settings, options.night, everything=options.all)
    return console.show_dreams(night, dreams, as_json=options.json)


def _forget(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import console, remembering

    doomed = remembering.chosen(settings, options.ids, options.about, options.conversation)
    what = f"{len(doomed)} memories"
    if options.conversation:
        what += f" and the conversation {options.conversation}"
    if not options.yes and not console.confirmed(f"Forget {what} for good?", doomed):
        return 0
    return console.show(remembering.forget(settings, doomed, options.conversation), as_json=options.json)


def _correct(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import console, remembering

    return console.show(remembering.correct(settings, options.id, options.statement), as_json=options.json)


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import console

    return console.answer(settings, options.question, base=options.base, as_json=options.json)


def _audit(settings: Settings, options: argparse.Namespace) -> int:
    return _run_flow(settings, "flows.audit:audit")


def _rollback(settings: Settings, options: argparse.Namespace) -> int:
    return _run_flow(settings, "flows.rollback:rollback", generation=options.generation)


def _publish(settings: Settings, options: argparse.Namespace) -> int:
    return _run_flow(
        settings,
        "flows.publish:publish_candidate",
        generation=options.generation,
        reason=options.reason,
    )


def _doctor(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import doctor

    return doctor.run(settings, fetch=options.fetch, as_json=options.json)


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import standing

    return standing.serve(settings)


def _export(settings: Settings, options: argparse.Namespace) -> int:
    from tasks.export import export

    for path in export(settings, options.folder or settings.home):
        print(path)
    return 0


def _gguf(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import generations

    print(generations.as_one_file(settings, options.file, options.generation))
    return 0


def _up(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import standing

    return standing.up(settings)


def _down(settings: Settings, options: argparse.Namespace) -> int:
    from tasks import standing

    return standing.down(settings)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager's stop ends like Ctrl-C
    sys.exit(main())
