"""Requests made from the API's own description, sent to the real app, its answers held to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks, openapi
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks as conformance

CHECKS = [
    checks.not_a_server_error,
    conformance.status_code_conformance,
    conformance.content_type_conformance,
    conformance.response_schema_conformance,
]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@dataclass(frozen=True)
class Found:
    """What one operation answered: its statuses, and what of it the description lacks."""

    statuses: set[int]
    wrong: list[str]


def ask_everything(
    app: Flask,
    headers: dict[str, str],
    known: dict[str, Any],
    examples: int,
    known_to: Mapping[str, dict[str, Any]] = MappingProxyType({}),
) -> dict[str, Found]:
    """Ask each operation so many times of each mode, half of them about `known` things.

    `known_to` has, by the label of an operation, what is known to it alone.
    """
    schema = openapi.from_wsgi("/api/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    # What ends a QR goes last: the others find it still there.
    operations.sort(key=lambda one: "cancel" in one.label)
    return {
        one.label: _ask(one, headers, known | known_to.get(one.label, {}), examples)
        for one in operations
    }


def _ask(one: Any, headers: dict[str, str], known: dict[str, Any], examples: int) -> Found:
    found = Found(set(), [])
    for mode in MODES:
        run = _runner(one.as_strategy(generation_mode=mode), headers, known, examples, found)
        try:
            run()
        except Unsatisfiable:
            # An address that takes nothing cannot be given something wrong.
            assert mode is GenerationMode.NEGATIVE
    return found


def _runner(
    cases: Any, headers: dict[str, str], known: dict[str, Any], examples: int, found: Found
) -> Callable[[], None]:
    @seed(8)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, is_known=st.booleans())
    def run(case: Any, is_known: bool) -> None:
        if is_known:
            case.path_parameters.update(_known_of(case.path_parameters, known))
            if isinstance(case.body, dict):
                case.body = _known_of(case.body, known)
        answer = case.call(headers=headers)
        found.statuses.add(answer.status_code)
        try:
            case.validate_response(answer, checks=CHECKS)
        except (Failure, FailureGroup) as problem:
            found.wrong.append(_said(problem))

    return run


def _known_of(asked: Any, known: dict[str, Any]) -> dict[str, Any]:
    return {name: known[name] for name in set(asked) & set(known)}


def _said(problem: Failure | FailureGroup) -> str:
    parts = problem.exceptions if isinstance(problem, FailureGroup) else [problem]
    return "; ".join(f"{one.title}: {one.message}" for one in parts)[:600]
