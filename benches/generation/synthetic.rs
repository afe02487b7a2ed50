//! A contract of small operations, which are all alike.

/// Returns a contract of this many operations, which resemble the real ones and have separate
/// types.
pub fn contract(operations: usize) -> String {
    let mut yaml = START.to_owned();
    for number in 0..operations {
        yaml += &PATH.replace("{n}", &number.to_string());
    }
    yaml += COMPONENTS;
    for number in 0..operations {
        yaml += &SCHEMAS.replace("{n}", &number.to_string());
    }
    yaml
}

const START: &str = "openapi: 3.0.3
info:
  title: Synthetic
  version: 1.0.0
security:
  - Token: []
paths:
";

const PATH: &str = "  /v2/{project_id}/rooms{n}/{room_id}:
    post:
      operationId: ChangeRoom{n}
      description: Changes a room of the kind {n}.
      x-huaweicloud-iam-action: rooms:room{n}:change
      parameters:
        - $ref: '#/components/parameters/ProjectId'
        - name: room_id
          in: path
          required: true
          description: The room.
          schema:
            type: string
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/ChangeRoom{n}Req'
      responses:
        '200':
          description: The changed room.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Room{n}'
        '400':
          $ref: '#/components/responses/BadRequest'
        '404':
          $ref: '#/components/responses/BadRequest'
";

const COMPONENTS: &str = "components:
  securitySchemes:
    Token:
      type: apiKey
      in: header
      name: X-Auth-Token
  parameters:
    ProjectId:
      name: project_id
      in: path
      required: true
      description: The project.
      schema:
        $ref: '#/components/schemas/ProjectId'
  responses:
    BadRequest:
      description: The request is invalid.
      content:
        application/json:
          schema:
            $ref: '#/components/schemas/ErrorResponse'
  schemas:
    ProjectId:
      type: string
      description: The id of a project.
      minLength: 1
      maxLength: 255
      pattern: '^[^/]*$'
    ErrorResponse:
      type: object
      description: The cause of an error.
      properties:
        error_code:
          type: string
          description: The code of the error.
        error_msg:
          type: string
          description: A message about the error.
";

const SCHEMAS: &str = "    ChangeRoom{n}Req:
      type: object
      description: The changes to a room of the kind {n}.
      required: [lamps]
      properties:
        lamps:
          type: array
          description: The lamps of the room.
          maxItems: 100
          items:
            $ref: '#/components/schemas/Lamp{n}'
        name:
          type: string
          description: The new name.
          minLength: 1
          maxLength: 64
    Room{n}:
      type: object
      description: A room of the kind {n}.
      properties:
        name:
          type: string
          description: The name.
        lamps:
          type: array
          description: The lamps.
          items:
            $ref: '#/components/schemas/Lamp{n}'
        favourite:
          $ref: '#/components/schemas/Lamp{n}'
    Lamp{n}:
      type: object
      description: A lamp of the kind {n}.
      properties:
        colour:
          type: string
          description: The colour of its light.
        watts:
          type: integer
          description: The power of the lamp.
";
