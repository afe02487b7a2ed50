"""Plants one change in the contract of a folder, as somebody makes it who follows the README: `plant.py CHANGE FOLDER`.

The changes are `word`, `addition` and `loss`. Each raises the version and changes what the vendor documents.
"""

import json
import pathlib
import re
import sys

# A reworded description is a patch, what is renamed or removed is breaking. Every change is planted after those
# before it.
VERSIONS = {"word": "1.0.1", "addition": "1.1.0", "loss": "2.0.0"}

ERRORS = """\
        '401':
          $ref: '#/components/responses/Unauthorized'
        '403':
          $ref: '#/components/responses/Forbidden'
        '404':
          $ref: '#/components/responses/NotFound'
        '500':
          $ref: '#/components/responses/InternalServerError'
"""

CONFLICT = """\
        '409':
          $ref: '#/components/responses/Conflict'
"""

HEADERS = """\
          headers:
            X-Request-Id:
              $ref: '#/components/headers/RequestId'
"""

OPERATION = f"""\
  /v2/{{project_id}}/growth-lamps:
    get:
      operationId: ListGrowthLamps
      tags: [Desktops]
      summary: List lamps
      description: Lists the lamps of some rooms.
      x-huaweicloud-iam-action: workspace:growthLamps:list
      parameters:
        - $ref: '#/components/parameters/ProjectInPath'
        - name: rooms
          in: query
          description: The rooms.
          example: [hall]
          schema:
            type: array
            maxItems: 10
            example: [hall]
            items:
              type: string
              description: The name of a room.
              minLength: 1
              maxLength: 64
              example: hall
        - name: limit
          in: query
          description: The maximum number of lamps.
          example: 10
          schema:
            type: integer
            minimum: 1
            maximum: 100
            example: 10
      responses:
        '200':
          description: The lamps.
{HEADERS}\
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/GrowthLampList'
              example:
                lamps: [ceiling]
{ERRORS}\
    post:
      operationId: SwitchGrowthLamps
      tags: [Desktops]
      summary: Switch lamps
      description: Accepts a request to switch lamps.
      x-huaweicloud-iam-action: workspace:growthLamps:switch
      parameters:
        - $ref: '#/components/parameters/ProjectInPath'
      requestBody:
        description: The lamps to switch.
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/GrowthLampsReq'
            example:
              lamp_ids: [4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001]
      responses:
        '202':
          description: The request was accepted.
{HEADERS}\
{ERRORS}\
    delete:
      operationId: RemoveGrowthLamps
      tags: [Desktops]
      summary: Remove lamps
      description: Removes all lamps.
      x-huaweicloud-iam-action: workspace:growthLamps:remove
      parameters:
        - $ref: '#/components/parameters/ProjectInPath'
      responses:
        '204':
          description: The lamps were removed.
{HEADERS}\
{ERRORS}\
"""

SCHEMAS = """\
    GrowthLampList:
      type: object
      description: A list of lamps.
      properties:
        lamps:
          type: array
          description: The lamps.
          nullable: true
          example: [ceiling]
          items:
            type: string
            description: The name of a lamp.
            example: ceiling
    GrowthLampsReq:
      type: object
      description: The lamps to switch.
      required: [lamp_ids]
      properties:
        lamp_ids:
          type: array
          description: The ids of the lamps.
          minItems: 1
          maxItems: 10
          example: [4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001]
          items:
            type: string
            description: The id of a lamp.
            format: uuid
            minLength: 0
            maxLength: 36
            example: 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
"""

# Objects within an object and in a list, a default, and a required property.
OBJECTS = """\
    GrowthSchedule:
      type: object
      description: The times of a log-off.
      required: [window]
      properties:
        window:
          $ref: '#/components/schemas/GrowthWindow'
        pauses:
          type: array
          description: The times without a log-off.
          minItems: 1
          maxItems: 5
          example:
            - start: '12:00'
          items:
            $ref: '#/components/schemas/GrowthWindow'
    GrowthWindow:
      type: object
      description: A span of time.
      properties:
        start:
          type: string
          description: The time at which it starts.
          pattern: '^[0-9:]{1,5}$'
          x-pattern-description: it must be a time such as `18:00`
          minLength: 1
          maxLength: 5
          example: '18:00'
        minutes:
          type: integer
          description: Its length in minutes.
          minimum: 1
          maximum: 600
          default: 30
          example: 30
"""

PROPERTY = """\
        growth_nick_name:
          type: string
          description: Another name.
          example: design
"""

SCHEDULE = """\
        growth_schedule:
          $ref: '#/components/schemas/GrowthSchedule'
"""

# What the property arrives with, and no test may know: other limits and another region.
OTHERS = [
    ("maxItems: 100", "maxItems: 120"),
    ("1 to 100 per request", "1 to 120 per request"),
    ("up to 100 desktops", "up to 120 desktops"),
    ("maxItems: 500", "maxItems: 600"),
    ("at most 500", "at most 600"),
    ("maxLength: 255", "maxLength: 300"),
    ("1 to 255 characters", "1 to 300 characters"),
    ("at most 255 characters", "at most 300 characters"),
    ("maxLength: 64", "maxLength: 80"),
    ("1 to 64 characters", "1 to 80 characters"),
    ("af-north-1", "af-north-9"),
]

# Requests and responses that gain the property. The last one also gains a value.
GROWING = ["DetachInstancesDesktopInfo", "LogoffDesktopsReq", "DesktopDetachInfo", "VmOperateResult", "ErrorResponse", "DetachInstancesUserInfo"]

PROJECT = {"path project_id": {"required": True, "type": "string", "minLength": 1, "maxLength": 300}}
ROOMS = {"type": "array", "maxItems": 10, "items": {"type": "string", "minLength": 1, "maxLength": 64}}
LIMIT = {"type": "integer", "minimum": 1, "maximum": 100}
WINDOW = {
    "start": {"type": "string", "pattern": "^[0-9:]{1,5}$", "minLength": 1, "maxLength": 5},
    "minutes": {"type": "integer", "default": 30, "minimum": 1, "maximum": 600},
}
PAUSES = {"type": "array", "minItems": 1, "maxItems": 5, "items": "GrowthWindow"}
LAMP_IDS = {"type": "array", "minItems": 1, "maxItems": 10}


def operation(method, name, responses, parameters=(), **request):
    return {
        "method": method,
        "path": "/v2/{project_id}/growth-lamps",
        "iam": {"action": f"workspace:growthLamps:{name}", "dependencies": [], "condition_keys": []},
        "parameters": PROJECT | {f"query {name}": {"required": False, **value} for name, value in parameters},
        **request,
        "responses": responses,
        "errors": ["401", "403", "404", "500"],
    }


OPERATION_FACTS = {
    "ListGrowthLamps": operation("GET", "list", {"200": "GrowthLampList"}, [("rooms", ROOMS), ("limit", LIMIT)]),
    "SwitchGrowthLamps": operation("POST", "switch", {"202": "no body"}, request="GrowthLampsReq"),
    "RemoveGrowthLamps": operation("DELETE", "remove", {"204": "no body"}),
}

SCHEMA_FACTS = {
    "GrowthLampList": {"required": [], "properties": {"lamps": {"type": "array", "items": {"type": "string"}}}},
    "GrowthSchedule": {"required": ["window"], "properties": {"window": "GrowthWindow", "pauses": PAUSES}},
    "GrowthWindow": {"required": [], "properties": WINDOW},
    "GrowthLampsReq": {
        "required": ["lamp_ids"],
        "properties": {"lamp_ids": {**LAMP_IDS, "items": {"type": "string", "format": "uuid", "minLength": 0, "maxLength": 36}}},
    },
}


def replaced(pattern, replacement, text):
    text, count = re.subn(pattern, lambda match: match.expand(replacement), text, count=1)
    if count != 1:
        sys.exit(f"the contract has nothing like {pattern}")
    return text


def with_other_limits(facts):
    """Raises the same limits in what the vendor documents."""
    if isinstance(facts, dict):
        for key, limit in [("maxItems", 100), ("maxItems", 500), ("maxLength", 255), ("maxLength", 64)]:
            if facts.get(key) == limit:
                facts[key] = {100: 120, 500: 600, 255: 300, 64: 80}[limit]
        facts = list(facts.values())
    for value in facts if isinstance(facts, list) else []:
        with_other_limits(value)


def with_properties(text, name, properties):
    """Adds properties at the end: generators of other languages keep their order."""
    return replaced(rf"(\n    {name}:\n(?:      .*\n)*?      properties:\n(?:        .*\n)*)", r"\1" + properties, text)


def planted(change, text, facts):
    """Returns the contract with the change, and adds the change to what the vendor documents."""
    if change == "word":
        return replaced(r"(\n    VmOperateResult:\n(?: +.*\n)*? {10}description: \w.*)\.\n", r"\1, reworded.\n", text)
    return (with_additions if change == "addition" else with_losses)(text, facts)


def with_additions(text, facts):
    for name in GROWING:
        text = with_properties(text, name, PROPERTY)
        facts["schemas"][name]["properties"]["growth_nick_name"] = {"type": "string"}
    facts["schemas"]["DetachInstancesUserInfo"]["properties"]["type"]["enum"].append("TEAM")
    with_other_limits(facts)
    text = with_properties(text, "LogoffDesktopsReq", SCHEDULE)
    facts["schemas"]["LogoffDesktopsReq"]["properties"]["growth_schedule"] = "GrowthSchedule"
    # A status of an error, and a property of all errors.
    text = replaced(r"(operationId: ListDesktopDetachInfo\n(?:.*\n)*?)(        '500':)", r"\1" + CONFLICT + r"\2", text)
    facts["operations"]["ListDesktopDetachInfo"]["errors"].insert(-1, "409")
    facts["regions"][0] = "af-north-9"
    for old, new in OTHERS:
        text = re.sub(rf"{old}\b", new, text)
    text = replaced(r"enum: \[USER, GROUP\]", "enum: [USER, GROUP, TEAM]", text)
    facts["operations"].update(OPERATION_FACTS)
    facts["schemas"].update(SCHEMA_FACTS)
    return replaced(r"(?m)^components:\n", OPERATION + "components:\n", replaced(r"(?m)^  schemas:\n", "  schemas:\n" + SCHEMAS + OBJECTS, text))


def with_losses(text, facts):
    """Renames a property, a path and an IAM action, and removes a property whose name another schema keeps.

    `adapt.py` changes their uses. A success status, a required and an optional property change, too.
    """
    text = replaced(r"/desktops/logoff:", "/desktops/growth-logoff:", text)
    text = replaced(r"workspace:desktops:logoff", "workspace:desktops:growthLogoff", text)
    text = replaced(r"(operationId: BatchLogoffDesktops\n(?:.*\n)*?        )'200':", r"\1'202':", text)
    log_off = facts["operations"]["BatchLogoffDesktops"]
    log_off |= {"path": "/v2/{project_id}/desktops/growth-logoff", "responses": {"202": "no body"}}
    log_off["iam"]["action"] = "workspace:desktops:growthLogoff"
    text = replaced(r"(    GrowthSchedule:\n(?:.*\n)*?)      required: \[window\]\n", r"\1", text)
    text = replaced(r"(    GrowthWindow:\n(?:.*\n)*?)(      properties:\n)", r"\1      required: [start]\n\2", text)
    facts["schemas"]["GrowthSchedule"]["required"] = []
    facts["schemas"]["GrowthWindow"]["required"] = ["start"]
    text = replaced(r"(\n    DesktopDetachInfo:\n(?:      .*\n)*?)        user_group:\n(?:          .*\n)*", r"\1", text)
    text = replaced(r" +user_group: users\n( +)detach_time: ", r"\1growth_time: ", text)
    text = replaced(r"\n        detach_time:\n", "\n        growth_time:\n", text)
    record = facts["schemas"]["DesktopDetachInfo"]
    del record["properties"]["user_group"]
    record["properties"] = {name.replace("detach_time", "growth_time"): value for name, value in record["properties"].items()}
    return text


def main(change, folder):
    folder = pathlib.Path(folder)
    file, facts_file = folder / "workspace.yaml", folder / "facts.json"
    version = VERSIONS[change]
    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    text = planted(change, file.read_text(encoding="utf-8"), facts)
    file.write_text(replaced(r"(?m)^  version: .*$", f"  version: {version}", text), encoding="utf-8")
    facts_file.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    crate = "0.2" if change == "loss" else "0.1"
    for name, pattern, entry in [
        ("CHANGELOG.md", r"(?m)^(## 1\.)", rf"## {version}\n\n- Planted: {change}.\n\n\1"),
        ("README.md", r"(?m)^(\| contract \| crate \|\n\| --- \| --- \|\n)", rf"\1| {version} | {crate} |\n"),
    ]:
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(replaced(pattern, entry, text), encoding="utf-8")


main(*sys.argv[1:])
