"""What Schemathesis cannot know of the service."""

import schemathesis

DESKTOPS = [f"4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f000{n}" for n in (1, 2, 3, 4)]
ACCEPTED = {200, 401, 403, 404, 409}


def known(desktop_id):
    """Most ids that are valid become those of desktops, so that requests get through to them."""
    if not isinstance(desktop_id, str) or not 1 <= len(desktop_id) <= 255:
        return desktop_id
    return (DESKTOPS + [desktop_id])[sum(map(ord, desktop_id)) % 5]


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict):
        if isinstance(body.get("desktop_ids"), list):
            body["desktop_ids"] = [known(desktop_id) for desktop_id in body["desktop_ids"]]
        if isinstance(body.get("desktops"), list):
            for desktop in body["desktops"]:
                if isinstance(desktop, dict) and "desktop_id" in desktop:
                    desktop["desktop_id"] = known(desktop["desktop_id"])
    return body


def names_its_desktops(body):
    if not isinstance(body, dict):
        return False
    if "desktop_ids" in body:
        return bool(body["desktop_ids"])
    desktops = body.get("desktops")
    return bool(desktops) and all("desktop_id" in desktop for desktop in desktops)


@schemathesis.check
def complete_requests_are_accepted(ctx, response, case):
    """The contract leaves fields optional, as the vendor does, without which the service refuses a request all the same.
    Everything else that is valid must be accepted."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code in ACCEPTED:
        return
    incomplete = case.method == "POST" and not names_its_desktops(case.body)
    assert incomplete and response.status_code == 400, f"a valid request was answered with {response.status_code}"
