"""Facts that are not in the contract: existing desktops, and which requests are complete."""

import schemathesis

DESKTOPS = [f"4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f000{n}" for n in (1, 2, 3, 4)]
EXPECTED = {200, 401, 403, 404, 409}


def with_known_id(desktop_id):
    """Replaces four in five valid ids by ids of existing desktops, so that requests reach them."""
    if not isinstance(desktop_id, str) or not 1 <= len(desktop_id) <= 255:
        return desktop_id
    return (DESKTOPS + [desktop_id])[sum(map(ord, desktop_id)) % 5]


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, dict):
        return body
    if isinstance(body.get("desktop_ids"), list):
        body["desktop_ids"] = [with_known_id(desktop_id) for desktop_id in body["desktop_ids"]]
    if isinstance(body.get("desktops"), list):
        for desktop in body["desktops"]:
            if isinstance(desktop, dict) and "desktop_id" in desktop:
                desktop["desktop_id"] = with_known_id(desktop["desktop_id"])
    return body


def has_desktops(body):
    if not isinstance(body, dict):
        return False
    if "desktop_ids" in body:
        return bool(body["desktop_ids"])
    desktops = body.get("desktops")
    return bool(desktops) and all("desktop_id" in desktop for desktop in desktops)


@schemathesis.check
def complete_requests_are_accepted(ctx, response, case):
    """Every valid request is accepted, except one without its desktops: the service rejects it,
    although the vendor documents the fields as optional."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.status_code in EXPECTED:
        return
    is_incomplete = case.method == "POST" and not has_desktops(case.body)
    message = f"a valid request got status {response.status_code}"
    assert is_incomplete and response.status_code == 400, message
