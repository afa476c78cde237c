"""The command line of recordings: what the server starts, and what a person may run by hand."""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

Folder = Annotated[Path, typer.Argument(help="Folder of the recording.")]
LOW_PRIORITY = 10
NOTHING_THERE = 4


def add_commands(app: typer.Typer) -> None:
    """`vestibule record` and `vestibule compose`."""

    @app.command()
    def record(
        folder: Folder,
        url: Annotated[str, typer.Option(help="Signalling address, ws://… or wss://…")],
        room: Annotated[str, typer.Option(help="Name of the room.")],
        start_seconds: Annotated[float, typer.Option(help="Fail without media for so long.")] = 10,
        idle_seconds: Annotated[float, typer.Option(help="End after no media for so long.")] = 300,
        most_seconds: Annotated[float, typer.Option(help="End after so long.")] = 10_800,
        least_free_mb: Annotated[
            int, typer.Option(help="End when the disk has less free megabytes.")
        ] = 500,
    ) -> None:
        """Record a call into a folder until SIGTERM; go on if the folder has a recording.

        The server's pass is the first line of standard input. Each line of standard output is
        one JSON object: `started`, then `stopped`; or `failed`.
        """
        import uvloop

        from vestibule.foundation.logging import configure_logging
        from vestibule.rooms.recordings import worker
        from vestibule.rooms.recordings.job import Job

        configure_logging(level="info", as_json=True)
        job = Job(
            url=url,
            room=room,
            recorder_pass=sys.stdin.readline().strip(),
            folder=folder,
            start_seconds=start_seconds,
            idle_seconds=idle_seconds,
            most_seconds=most_seconds,
            least_free_bytes=least_free_mb * 1_000_000,
        )
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            raise typer.Exit(runner.run(worker.record(job, print_json)))

    @app.command()
    def compose(
        folder: Folder,
        output: Annotated[Path, typer.Argument(help="The MP4 to make; a folder for raw tracks.")],
        options: Annotated[
            str, typer.Option(help="Options of the recording as JSON, as in Daily's API.")
        ] = "{}",
        layouts: Annotated[
            str, typer.Option(help="Later layouts as JSON, each with `at` in unix seconds.")
        ] = "[]",
    ) -> None:
        """Make the MP4 of a recording, or the files of its raw tracks, at low priority.

        Each line of standard output is one JSON object: `progress` with the part `done`, then
        `composed`.
        """
        from pydantic import TypeAdapter, ValidationError

        from vestibule.rooms.definitions.shapes import RecordingOptions
        from vestibule.rooms.recordings import compositor, raw_tracks
        from vestibule.rooms.recordings.director import Rearranged

        try:
            chosen = RecordingOptions.model_validate_json(options)
            later = TypeAdapter(list[Rearranged]).validate_json(layouts)
        except ValidationError as error:
            raise typer.BadParameter(str(error)) from None
        os.nice(LOW_PRIORITY)
        made: compositor.Composed | raw_tracks.RawTracks
        tracks = []
        try:
            if chosen.type == "raw-tracks":
                made = raw_tracks.write_raw_tracks(folder, output, progress=_print_progress)
                tracks = [asdict(track) for track in made.tracks]
            else:
                made = compositor.compose(
                    folder, output, chosen, layouts=later, progress=_print_progress
                )
        except compositor.NothingRecorded as error:
            sys.stderr.write(f"{error.info}\n")
            raise typer.Exit(NOTHING_THERE) from None
        print_json(
            {
                "event": "composed",
                "seconds": round(made.seconds, 3),
                "started_at": made.started_at,
                "tracks": tracks,
            }
        )


def _print_progress(done: float) -> None:
    print_json({"event": "progress", "done": round(done, 4)})


def print_json(status: dict[str, Any]) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(json.dumps(status) + "\n")
    sys.stdout.flush()
