"""The night: from the day's chats to an examined model that answers, or yesterday's model kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from prefect import flow
from prefect.states import Completed, State

from data.settings import Recipe
from tasks.base import prepare
from tasks.check import run_check
from tasks.common import Plan, intact
from tasks.curate import curate
from tasks.dream import dream
from tasks.examine import examine, generation_is_there
from tasks.ingest import ingest
from tasks.mix import mix
from tasks.night import begin, better, close, holding_the_night, next_attempt
from tasks.publish import publish
from tasks.report import report
from tasks.review import review
from tasks.train import adapter_is_there, train


@flow(name="nightly", persist_result=False)
def nightly(
    night: date | None = None,
    redo: bool = False,
    recipe: Recipe | None = None,
    review_dreams: bool | None = None,
) -> State:
    """Dream about one day, train, examine and publish.

    `night` is the day to dream about; unset, the last complete day before the scheduled time. `redo`
    runs a finished night again. `recipe` overrides the installation's recipe for this run.
    `review_dreams` stops after dreaming until a person has looked at the new dreams; unset, the setting
    decides.
    """
    with holding_the_night(night, recipe) as plan:
        day = ingest(plan)
        work = begin(plan, day, redo)
        if work["nothing_to_do"]:
            return Completed(name=work["name"], message=work["message"])
        plan = replace(plan, begun=work["begun"])
        run_check(plan, "turns", day["digest"])
        kept = curate(plan, work["digest"])
        if not kept["active"]:
            return close(plan, "skipped", "Nothing was told that is worth remembering.")
        prepare(plan)
        dreams = dream(plan, kept["digest"])
        run_check(plan, "dreams", dreams["digest"])
        left = review(plan, review_dreams)
        if left["waiting"]:
            return close(plan, "waiting", left["message"])
        attempt: Plan | None = plan
        best = None
        while attempt is not None:
            rows = mix(attempt, left["digest"])
            run_check(attempt, "mixture", rows["digest"])
            adapter = intact(train, adapter_is_there, attempt, rows["digest"])
            verdict = intact(
                examine, generation_is_there, attempt, adapter["adapter"], rows["digest"], adapter["digest"]
            )
            best = better(plan, best, verdict)
            attempt = next_attempt(attempt, verdict)
        outcome = publish(plan, best)
        report(plan, outcome)
        return close(plan, outcome["status"], outcome["message"], outcome["generation"])
