"""Recordings over HTTP, as Daily's API has them (reference 5.7, 8), and their files by link."""

import re
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from vestibule.foundation.errors import Invalid
from vestibule.foundation.routing import Routes
from vestibule.rooms.admission.rights import recording_kinds
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.definitions.shapes import RecordingOptions
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.routes import caller
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.recordings.archive import DEFAULT_LINK_SECONDS, Archive
from vestibule.rooms.recordings.model import Wish
from vestibule.rooms.recordings.schemas import (
    AccessLinkAnswer,
    DeletedRecordingAnswer,
    RecordingAnswer,
    RecordingsAnswer,
    SentAnswer,
    StopRequest,
    UpdateRequest,
)
from vestibule.rooms.recordings.service import RecordingService

MOST_LINK_SECONDS: Final = 7 * 86_400
MOST_LISTED: Final = 100
_MEDIA_TYPES: Final = {"webm": "video/webm", "mkv": "video/x-matroska"}
_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")


def routes(
    *,
    recordings: RecordingService,
    archive: Archive,
    definitions: DefinitionService,
    domains: DomainService,
) -> Routes:
    """`/v1/rooms/{name}/recordings/…`: begin, change and end recordings."""
    router = Routes(
        prefix="/v1/rooms/{name}/recordings", tags=["recordings"], strict_content_type=False
    )
    Caller = Annotated[Domain, Depends(caller(domains))]  # noqa: N806 - a type

    @router.post("/start")
    async def start_recording(
        domain: Caller, name: str, body: RecordingOptions | None = None
    ) -> SentAnswer:
        """Record the call in a room; answers when media is being written, or why it is not."""
        room = await definitions.get(domain.id, name)
        options = body or RecordingOptions()
        await recordings.start(Wish(room, options, recording_kinds(room, None)))
        return SentAnswer()

    @router.post("/update")
    async def update_recording(domain: Caller, name: str, body: UpdateRequest) -> SentAnswer:
        """Arrange people otherwise from now on."""
        room = await definitions.get(domain.id, name)
        await recordings.update(room.id, body.instanceId, body.layout)
        return SentAnswer()

    @router.post("/stop")
    async def stop_recording(
        domain: Caller, name: str, body: StopRequest | None = None
    ) -> SentAnswer:
        """End a recording; answers when everything is written."""
        room = await definitions.get(domain.id, name)
        body = body or StopRequest()
        await recordings.stop(room.id, body.instanceId, body.type)
        return SentAnswer()

    router_of_files = archive_routes(archive=archive, domains=domains)
    both = Routes()
    both.include_router(router)
    both.include_router(router_of_files)
    return both


def archive_routes(*, archive: Archive, domains: DomainService) -> Routes:
    """`/v1/recordings`, and `/recordings/{proof}` for whoever has a link."""
    router = Routes(tags=["recordings"])
    Caller = Annotated[Domain, Depends(caller(domains))]  # noqa: N806 - a type

    @router.get("/v1/recordings", response_model_exclude_unset=True)
    async def list_recordings(
        domain: Caller,
        limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = MOST_LISTED,
        starting_after: str | None = None,
        ending_before: str | None = None,
        room_name: str | None = None,
    ) -> RecordingsAnswer:
        """The domain's recordings, newest first."""
        total, found = await archive.list(
            domain.id,
            room_name=room_name,
            limit=limit,
            starting_after=starting_after,
            ending_before=ending_before,
        )
        return RecordingsAnswer(total_count=total, data=[RecordingAnswer.of(one) for one in found])

    @router.get("/v1/recordings/{recording_id}", response_model_exclude_unset=True)
    async def read_recording(domain: Caller, recording_id: UUID) -> RecordingAnswer:
        """One recording."""
        return RecordingAnswer.of(await archive.get(domain.id, str(recording_id)))

    @router.delete("/v1/recordings/{recording_id}")
    async def delete_recording(domain: Caller, recording_id: UUID) -> DeletedRecordingAnswer:
        """Remove a recording and its file."""
        recording = await archive.delete(domain.id, str(recording_id))
        return DeletedRecordingAnswer(
            id=recording.id,
            s3_bucket=archive.storage.name_of_place(recording),
            s3_key=recording.key or "",
        )

    @router.get("/v1/recordings/{recording_id}/access-link")
    async def link_to_recording(
        domain: Caller,
        recording_id: UUID,
        valid_for_secs: Annotated[int, Query(ge=1, le=MOST_LINK_SECONDS)] = DEFAULT_LINK_SECONDS,
        track: Annotated[
            int | None, Query(ge=0, description="Our own: which one of raw tracks, from 0 on.")
        ] = None,
    ) -> AccessLinkAnswer:
        """A link to the file that works without a key for so many seconds."""
        link, expires = await archive.access_link(
            domain.id, str(recording_id), valid_for_secs=valid_for_secs, track=track
        )
        return AccessLinkAnswer(download_link=link, expires=expires)

    @router.get("/recordings/{proof}", include_in_schema=False)
    async def fetch_file(request: Request, proof: str) -> Response:
        """The file, or the part of it that a Range header asks for."""
        linked = await archive.by_link(proof)
        size = linked.file.size
        part = _part(request.headers.get("range"), size)
        start, end = part or (0, size)
        shown = "inline" if linked.is_shown else "attachment"
        headers = {
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, no-store",
            "Content-Length": str(end - start),
            "Content-Disposition": f'{shown}; filename="{linked.name}"',
        }
        if part is not None:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        return StreamingResponse(
            archive.read(linked, start, end),
            206 if part is not None else 200,
            headers,
            media_type=_MEDIA_TYPES.get(linked.name.rpartition(".")[2], "video/mp4"),
        )

    return router


class NoSuchPart(Invalid):
    """The Range header asks for bytes beyond the end."""


def _part(header: str | None, size: int) -> tuple[int, int] | None:
    """The first and one past the last byte that a Range header asks for; None: the whole file."""
    asked = _RANGE.fullmatch(header or "")
    if asked is None or asked[0] == "bytes=-":
        return None
    first, last = asked[1], asked[2]
    if not first:
        return max(0, size - int(last)), size
    start, end = int(first), min(size, int(last) + 1 if last else size)
    if start >= end:
        raise NoSuchPart(f"the file has only {size} bytes")
    return start, end
