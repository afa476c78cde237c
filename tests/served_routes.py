"""What an application answers, for tests that must leave no route out."""

from typing import Any

from fastapi import FastAPI


def served_routes(app: Any) -> set[tuple[str, str]]:
    """Method and path of every HTTP route, whatever wraps the application."""
    while not isinstance(app, FastAPI):
        app = app.app
    found = set[tuple[str, str]]()
    for route in app.routes:
        contexts = getattr(route, "effective_route_contexts", lambda route=route: [route])
        for each in contexts():
            found |= {(method, each.path) for method in getattr(each, "methods", None) or ()}
    return found
