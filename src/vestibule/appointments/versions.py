"""Versions of what several people change: the `ETag` that they saw, and what they have in mind."""


def etag(version: int) -> str:
    """The `ETag` of something of this version."""
    return f'"{version}"'


def versions_in(if_match: str | None) -> frozenset[int] | None:
    """The versions that an `If-Match` header names; None: any, also for `*` and without a header.

    A tag that is none of ours, or weak, matches nothing (RFC 9110, 13.1.1).
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tags = [tag.strip() for tag in if_match.split(",")]
    numbers = [tag[1:-1] for tag in tags if len(tag) > 2 and tag[0] == tag[-1] == '"']
    return frozenset(int(number) for number in numbers if number.isdecimal())
