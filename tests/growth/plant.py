"""Plants one change in the contract: `plant.py word|property|operation openapi/workspace.yaml`."""

import re
import sys

OPERATION = """\
  /v2/{project_id}/growth-lamps:
    get:
      operationId: ListGrowthLamps
      summary: List lamps
      description: Lists the lamps of some rooms.
      parameters:
        - $ref: '#/components/parameters/ProjectInPath'
        - name: rooms
          in: query
          description: The rooms.
          schema:
            type: array
            maxItems: 10
            items:
              type: string
        - name: limit
          in: query
          description: The maximum number of lamps.
          schema:
            type: integer
            minimum: 1
            maximum: 100
      responses:
        '200':
          description: The lamps.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/GrowthLampList'
    post:
      operationId: SwitchGrowthLamps
      summary: Switch lamps
      description: Accepts a request to switch lamps.
      parameters:
        - $ref: '#/components/parameters/ProjectInPath'
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/GrowthLampsReq'
      responses:
        '202':
          description: The request was accepted.
    delete:
      operationId: RemoveGrowthLamps
      summary: Remove lamps
      description: Removes all lamps.
      parameters:
        - $ref: '#/components/parameters/ProjectInPath'
      responses:
        '204':
          description: The lamps were removed.
"""

SCHEMAS = """\
    GrowthLampList:
      type: object
      description: A list of lamps.
      properties:
        lamps:
          type: array
          description: The lamps.
          items:
            type: string
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
          items:
            type: string
            format: uuid
            minLength: 0
            maxLength: 36
"""

PROPERTY = """\
        growth_nick_name:
          type: string
          description: Another name.
"""

# Requests and responses that gain the property. The last one also gains a value.
GROWING = ["DetachInstancesDesktopInfo", "LogoffDesktopsReq", "DesktopDetachInfo", "VmOperateResult", "DetachInstancesUserInfo"]


def planted(change, text):
    if change == "word":
        return re.subn(r"(?m)^( +description: \w.*)\.$", r"\1, reworded.", text, count=1)
    if change == "property":
        planted = 1
        for name in GROWING:
            schema = rf"(\n    {name}:\n(?:      .*\n)*?      properties:\n)"
            text, count = re.subn(schema, lambda match: match.group(1) + PROPERTY, text, count=1)
            planted = min(planted, count)
        text, count = re.subn(r"enum: \[USER, GROUP\]", "enum: [USER, GROUP, TEAM]", text, count=1)
        return text, min(planted, count)
    text, paths = re.subn(r"(?m)^components:\n", lambda match: OPERATION + match.group(0), text, count=1)
    text, schemas = re.subn(r"(?m)^  schemas:\n", lambda match: match.group(0) + SCHEMAS, text, count=1)
    return text, min(paths, schemas)


change, file = sys.argv[1:]
with open(file, encoding="utf-8") as contract:
    text, count = planted(change, contract.read())
if count != 1:
    sys.exit(f"the change `{change}` cannot be planted in {file}")
with open(file, "w", encoding="utf-8") as contract:
    contract.write(text)
