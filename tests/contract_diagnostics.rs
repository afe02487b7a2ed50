//! An error in the contract stops the build with its position and what to do, never with a panic.
//! Each case plants one.

#![allow(clippy::unwrap_used)]

#[path = "contract_diagnostics/agreement.rs"]
mod agreement;
#[path = "../workspace-api/codegen/mod.rs"]
mod codegen;
#[path = "contract_diagnostics/keywords.rs"]
mod keywords;
#[path = "contract_diagnostics/meanings.rs"]
mod meanings;
#[path = "contract_diagnostics/names.rs"]
mod names;
#[path = "contract_diagnostics/printed.rs"]
mod printed;
#[path = "contract_diagnostics/recursion.rs"]
mod recursion;

use std::collections::BTreeSet;
use std::mem;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

/// A small valid contract of another API, so that a change of the real one moves no positions.
const CONTRACT: &str = include_str!("contract_diagnostics.yaml");

/// Nested keys that are not text in YAML.
const KEYS: &str = "\
openapi: 3.0.3
paths:
  /lamps:
    get:
      responses:
        200:
          true: yes
        404:
          ~: nothing
  1.5: half a path
";

/// The rest of the parameter `lamp_id`, and a list of numbers with every limit.
const LIMITED_PARAMETER: &str = "            \
            type: string
        - name: level
          in: query
          description: The levels.
          schema:
            type: array
            minItems: 2
            maxItems: 3
            items:
              type: integer
              minimum: 5
              maximum: 9
              exclusiveMaximum: true
              multipleOf: 2
";

/// Name of the case, text to replace, and its replacement.
const PLANTED: &[(&str, &str, &str)] = &[
    ("a tab", "      summary: List", "\t      summary: List"),
    (
        "a tab after text",
        "      summary: List lamps\n      description",
        "      summary: List lamps\n\t      description",
    ),
    (
        "a misspelt description",
        "      description: Lists the lamps.",
        "      descripton: Lists the lamps.",
    ),
    ("an open quote", "'200':", "'200:"),
    (
        "a key twice",
        "  title: Lamps\n",
        "  title: Lamps\n  title: Lamps\n",
    ),
    (
        "indented too far",
        "      operationId: ListLamps",
        "        operationId: ListLamps",
    ),
    (
        "indented too little",
        "          description: The lamps.\n          content:",
        "          description: The lamps.\n        content:",
    ),
    (
        "a key below another key",
        "          required: true\n",
        "          schema:\n            required: true\n",
    ),
    (
        "a misspelt key",
        "operationId: ListLamps",
        "operationID: ListLamps",
    ),
    ("a misspelt type", "type: array", "type: list"),
    ("a boolean in quotes", "required: true", "required: 'true'"),
    ("a status without quotes", "'404':", "404:"),
    (
        "a dangling reference",
        "schemas/LampList'",
        "schemas/Lamps'",
    ),
    (
        "a reference to another file",
        "'#/components/schemas/LampList'",
        "'other.yaml#/LampList'",
    ),
    (
        "a reference to a part of a schema",
        "'#/components/schemas/LampList'",
        "'#/components/schemas/LampList/properties/lamps'",
    ),
    (
        "a key next to a reference",
        "                $ref: '#/components/schemas/LampList'",
        "                $ref: '#/components/schemas/LampList'\n                nullable: true",
    ),
    ("no operationId", "      operationId: ListLamps\n", ""),
    (
        "an operationId twice",
        "operationId: SwitchLamp",
        "operationId: ListLamps",
    ),
    (
        "two operationIds that become one method",
        "operationId: SwitchLamp",
        "operationId: list_lamps",
    ),
    (
        "an operationId that is a method of the client",
        "operationId: SwitchLamp",
        "operationId: Desktops",
    ),
    (
        "a schema whose name is not a valid type name",
        "    Lamp:\n",
        "    3DLamp:\n",
    ),
    (
        "an operationId that is not a valid method name",
        "operationId: SwitchLamp",
        "operationId: switch-lamp",
    ),
    (
        "a path parameter that is not declared",
        "/lamps/{lamp_id}:",
        "/lamps/{lamp_id}/{switch}:",
    ),
    (
        "a path parameter that is not in the path",
        "/lamps/{lamp_id}:",
        "/lamps/all:",
    ),
    (
        "an optional path parameter",
        "          required: true\n",
        "",
    ),
    (
        "an error body of another schema",
        "schemas/ErrorResponse'",
        "schemas/Lamp'",
    ),
    (
        "an error without a body",
        "          $ref: '#/components/responses/NotFound'\n",
        "          description: Nothing.\n",
    ),
    (
        "no success",
        "        '200':\n          description: The lamp is on.\n",
        "",
    ),
    (
        "a redirect",
        "        '404':",
        "        '302':\n          description: Elsewhere.\n        '404':",
    ),
    (
        "another media type",
        "            application/json:\n              schema:\n                $ref: '#/components/schemas/LampList'",
        "            text/html:\n              schema:\n                $ref: '#/components/schemas/LampList'",
    ),
    (
        "a closed enum in a response",
        "          example: hall\n",
        "          example: hall\n          enum: [hall]\n",
    ),
    (
        "a format in a response",
        "          example: hall\n",
        "          example: hall\n          format: uuid\n",
    ),
    (
        "a closed object in a response",
        "      description: A lamp.\n",
        "      description: A lamp.\n      additionalProperties: false\n",
    ),
    (
        "a required property in a response",
        "      description: A lamp.\n",
        "      description: A lamp.\n      required: [room]\n",
    ),
    (
        "a required property of a part of a response",
        "          items:\n            $ref: '#/components/schemas/Lamp'\n",
        "          items:\n            allOf:\n              - $ref: '#/components/schemas/Lamp'\n              - type: object\n                required: [room]\n",
    ),
    (
        "a default in a response",
        "          example: hall\n",
        "          example: hall\n          default: hall\n",
    ),
    (
        "no description of an operation",
        "      description: Lists the lamps.\n",
        "",
    ),
    (
        "an empty description",
        "description: Lists the lamps.",
        "description: ''",
    ),
    (
        "no description of a schema",
        "      description: A lamp.\n",
        "",
    ),
    (
        "no description of a property",
        "          description: The room of the lamp.\n",
        "",
    ),
    (
        "no description of a parameter",
        "          description: The lamp to switch.\n",
        "",
    ),
    (
        "a required property that does not exist",
        "      description: A lamp.\n",
        "      description: A lamp.\n      required: [colour]\n",
    ),
    (
        "an array without items",
        "          items:\n            $ref: '#/components/schemas/Lamp'\n",
        "",
    ),
    (
        "another version of OpenAPI",
        "openapi: 3.0.3",
        "openapi: 3.1.0",
    ),
    (
        "an invalid pattern",
        "            minLength: 1\n",
        "            minLength: 1\n            pattern: '('\n",
    ),
    (
        "a pattern with look-ahead",
        "            minLength: 1\n",
        "            minLength: 1\n            pattern: '^(?!x)'\n",
    ),
    (
        "two errors at once",
        "      description: Lists the lamps.\n      operationId: ListLamps\n",
        "",
    ),
    (
        "an alias without an anchor",
        "description: A lamp.",
        "description: *lamp",
    ),
    (
        "a YAML tag",
        "description: A lamp.",
        "description: !text A lamp.",
    ),
    (
        "a YAML merge key",
        "    Lamp:\n",
        "    Lamp:\n      <<: {}\n",
    ),
    (
        "a second YAML document",
        "components:\n",
        "---\ncomponents:\n",
    ),
    (
        "a boolean of YAML 1.1",
        "          required: true\n",
        "          required: yes\n",
    ),
    (
        "a limit of the values of a map in a response",
        "      description: A lamp.\n",
        "      description: A lamp.\n      additionalProperties:\n        type: string\n        maxLength: 5\n",
    ),
    ("a range of successes", "'200':", "'2XX':"),
    (
        "a schema that is a reference",
        "    Lamp:\n",
        "    Light:\n      $ref: '#/components/schemas/Lamp'\n    Lamp:\n",
    ),
    (
        "a multiple of nothing",
        "            type: string\n            minLength: 1\n",
        "            type: number\n            multipleOf: 0\n",
    ),
    (
        "a query parameter in one value",
        "          in: path\n          required: true\n",
        "          in: query\n          explode: false\n",
    ),
    (
        "a style of parameters",
        "          in: path\n",
        "          in: path\n          style: label\n",
    ),
    (
        "a list in a path",
        "            type: string\n            minLength: 1\n",
        "            type: array\n            items:\n              type: string\n",
    ),
    (
        "an object as a parameter",
        "            type: string\n            minLength: 1\n",
        "            type: object\n",
    ),
    (
        "a parameter that can be null",
        "            minLength: 1\n",
        "            minLength: 1\n            nullable: true\n",
    ),
    (
        "a path parameter named like a variable of the method",
        "/lamps/{lamp_id}:\n    post:\n      operationId: SwitchLamp\n      description: Switches a lamp on.\n      parameters:\n        - name: lamp_id\n",
        "/lamps/{url}:\n    post:\n      operationId: SwitchLamp\n      description: Switches a lamp on.\n      parameters:\n        - name: url\n",
    ),
    (
        "two parameters of one name",
        "        - name: lamp_id\n",
        "        - name: lampId\n          in: query\n          description: Another lamp.\n          schema:\n            type: string\n        - name: lamp_id\n",
    ),
    (
        "a header that the client sets",
        "        - name: lamp_id\n",
        "        - name: Content-Type\n          in: header\n          description: A type.\n          schema:\n            type: string\n        - name: lamp_id\n",
    ),
    ("a path with a query", "  /lamps:\n", "  /lamps?all=true:\n"),
    ("a path with a blank", "  /lamps:\n", "  /all lamps:\n"),
    ("a path with dots", "  /lamps:\n", "  /rooms/../lamps:\n"),
    (
        "a path with an empty segment",
        "  /lamps:\n",
        "  //lamps:\n",
    ),
    (
        "a parameter in a part of a segment",
        "/lamps/{lamp_id}:",
        "/lamps/{lamp_id}.zip:",
    ),
    (
        "a default of another type",
        "            minLength: 1\n",
        "            minLength: 1\n            default: 9\n",
    ),
    (
        "a default that is too long",
        "            minLength: 1\n",
        "            minLength: 1\n            maxLength: 2\n            default: hall\n",
    ),
    (
        "a default that is not in the enum",
        "            minLength: 1\n",
        "            minLength: 1\n            enum: [hall, attic]\n            default: cellar\n",
    ),
    (
        "a default that does not match",
        "            minLength: 1\n",
        "            minLength: 1\n            pattern: '^[0-9]+$'\n            default: hall\n",
    ),
    (
        "limits that exclude each other",
        "            minLength: 1\n",
        "            minLength: 1\n            maxLength: 0\n",
    ),
    (
        "a pattern of a number",
        "            type: string\n            minLength: 1\n",
        "            type: integer\n            pattern: '^1$'\n",
    ),
    (
        "an unknown format",
        "            minLength: 1\n",
        "            minLength: 1\n            format: colour\n",
    ),
    (
        "an unknown format of an integer",
        "            type: string\n            minLength: 1\n",
        "            type: integer\n            format: int128\n",
    ),
    (
        "an enum without values",
        "            minLength: 1\n",
        "            minLength: 1\n            enum: []\n",
    ),
    (
        "an enum of numbers",
        "            minLength: 1\n",
        "            minLength: 1\n            enum: [1, 2]\n",
    ),
    (
        "an enum of another type",
        "            type: string\n            minLength: 1\n",
        "            type: integer\n            format: int8\n            maximum: 9\n            enum: [1, 1.5, '2', 10, 300, -300, 1, null]\n",
    ),
    (
        "an enum with a value twice",
        "            minLength: 1\n",
        "            minLength: 1\n            enum: [asc, ASC, asc]\n",
    ),
    (
        "too few names of values",
        "            minLength: 1\n",
        "            minLength: 1\n            enum: [asc, ASC]\n            x-enum-varnames: [UP]\n",
    ),
    (
        "names of values that are not valid",
        "            minLength: 1\n",
        "            minLength: 1\n            enum: [asc, ASC, desc]\n            x-enum-varnames: [UP, up, '<']\n",
    ),
    (
        "names of values without an enum",
        "            minLength: 1\n",
        "            minLength: 1\n            x-enum-varnames: [UP]\n",
    ),
    (
        "names of numbers",
        "            type: string\n            minLength: 1\n",
        "            type: integer\n            enum: [1]\n            x-enum-varnames: [ONE]\n",
    ),
    (
        "a misspelt extension",
        "      operationId: SwitchLamp\n",
        "      operationId: SwitchLamp\n      x-huaweicloud-iam-acton: lamps:switch\n",
    ),
    (
        "an extension of another type",
        "      operationId: SwitchLamp\n",
        "      operationId: SwitchLamp\n      x-huaweicloud-iam-action: 5\n",
    ),
    (
        "a misspelt key of a map's values",
        "      description: A lamp.\n",
        "      description: A lamp.\n      additionalProperties:\n        typ: string\n",
    ),
    (
        "a body of a response without a body",
        "        '200':\n          description: The lamps.\n",
        "        '204':\n          description: The lamps.\n",
    ),
    (
        "a method that the client cannot send",
        "    post:\n      operationId: SwitchLamp",
        "    options:\n      operationId: SwitchLamp",
    ),
    (
        "limits that the client cannot check",
        "            type: string\n            minLength: 1\n",
        "            type: number\n            multipleOf: 0.1\n        - name: level\n          in: query\n          \
         description: A level.\n          schema:\n            type: number\n            multipleOf: 0.5\n",
    ),
    (
        "bodies of two operations without an id",
        "      operationId: SwitchLamp\n      description: Switches a lamp on.\n",
        "      description: Switches a lamp on.\n      requestBody: &body\n        required: true\n        \
         content: {application/json: {schema: {type: object, description: A., properties: {}}}}\n      \
         responses: {'204': {description: Done.}}\n    put:\n      description: Switches a lamp off.\n      \
         requestBody: *body\n",
    ),
    (
        "a cookie",
        "        - name: lamp_id\n          in: path\n",
        "        - name: session\n          in: cookie\n          description: A session.\n          \
         style: form\n          schema: {type: string}\n        - name: lamp_id\n          in: path\n",
    ),
    (
        "a list of types",
        "          type: string\n          description: The room",
        "          type: [string, 'null']\n          description: The room",
    ),
    (
        "a limit that the client cannot check",
        "            type: string\n            minLength: 1\n",
        "            type: number\n            multipleOf: 0.1\n",
    ),
    (
        "scalars that YAML 1.1 and 1.2 read differently",
        "          example: hall\n",
        "          example: [no, On, 010, 0o10, 1_000, 12:30, 1e3, 2026-01-31, 2026-01-31T08:00:00Z, hall]\n",
    ),
    ("a key of YAML 1.1", "    Lamp:\n", "    on:\n"),
    (
        "an infinite number",
        "          example: hall\n",
        "          example: .inf\n",
    ),
    (
        "properties that become one field",
        "          example: hall\n",
        "          example: hall\n        Room:\n          type: string\n          description: Another room.\n",
    ),
    (
        "schemas that become one type",
        "    Lamp:\n",
        "    lamp:\n      type: object\n      description: Another lamp.\n    Lamp:\n",
    ),
    (
        "a schema named like a type of the generated code",
        "    Lamp:\n",
        "    String:\n      type: object\n      description: A text.\n    Lamp:\n",
    ),
    (
        "a schema named like the type of a parameter",
        "    Lamp:\n",
        "    SwitchLampLampId:\n      type: object\n      description: An id.\n    Lamp:\n",
    ),
    (
        "a property whose type is named like the schema",
        "          example: hall\n",
        "          example: hall\n        _:\n          type: object\n          description: A thing.\n          properties:\n            a:\n              type: string\n              description: A part.\n",
    ),
    (
        "an operationId that hides a name",
        "operationId: SwitchLamp",
        "operationId: Result",
    ),
    (
        "an invisible character",
        "description: A lamp.",
        "description: \"A \\u202e lamp.\"",
    ),
    (
        "a default outside the range of its format",
        "            type: string\n            minLength: 1\n",
        "            type: integer\n            format: uint8\n            default: 300\n            maximum: 256\n",
    ),
    (
        "a limit with a fraction",
        "            type: string\n            minLength: 1\n",
        "            type: integer\n            minimum: 1.5\n            multipleOf: 0\n",
    ),
    (
        "a length below 0",
        "            minLength: 1\n",
        "            minLength: -1\n            maxLength: 1.5\n",
    ),
    (
        "a default with an item of another type",
        "          in: path\n          required: true\n          description: The lamp to switch.\n          schema:\n            type: string\n            minLength: 1\n",
        "          in: query\n          description: The lamp to switch.\n          schema:\n            type: array\n            default: [1]\n            items:\n              type: string\n",
    ),
    (
        "a pattern with a back-reference",
        "            minLength: 1\n",
        "            minLength: 1\n            pattern: '(a)\\1'\n",
    ),
    (
        "a pattern with flags",
        "            minLength: 1\n",
        "            minLength: 1\n            pattern: '(?i)a'\n",
    ),
    (
        "an enum with a value that is too long",
        "            minLength: 1\n",
        "            minLength: 5\n            enum: [hall, attic]\n",
    ),
    (
        "a success with another body",
        "        '404':",
        "        '202':\n          description: Later.\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/Lamp'\n        '404':",
    ),
    (
        "a body that may be absent",
        "      responses:\n        '200':\n          description: The lamp is on.\n",
        "      requestBody:\n        content:\n          application/json:\n            schema:\n              $ref: '#/components/schemas/Lamp'\n      responses:\n        '200':\n          description: The lamp is on.\n",
    ),
    (
        "a `null` that cannot be sent",
        "      responses:\n        '200':\n          description: The lamp is on.\n",
        "      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              type: object\n              required: [names]\n              properties:\n                room:\n                  type: string\n                  description: A room.\n                  nullable: true\n                names:\n                  type: array\n                  description: The names.\n                  nullable: true\n                  items:\n                    type: string\n      responses:\n        '200':\n          description: The lamp is on.\n",
    ),
    (
        "an `allOf` that contains itself",
        "            $ref: '#/components/schemas/Lamp'\n",
        "            $ref: '#/components/schemas/Lamp'\n        first:\n          description: The first part.\n          allOf:\n            - $ref: '#/components/schemas/LampList'\n            - type: object\n",
    ),
    (
        "parts of an `allOf` that differ",
        "      responses:\n        '200':\n          description: The lamp is on.\n",
        "      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              allOf:\n                - $ref: '#/components/schemas/Lamp'\n                - type: object\n                  properties:\n                    room:\n                      type: integer\n                      description: A number.\n                      default: 1\n                    state:\n                      type: string\n                      description: A state.\n                - type: object\n                  required: [state]\n                  properties:\n                    state:\n                      type: string\n                      description: The state.\n                      nullable: true\n      responses:\n        '200':\n          description: The lamp is on.\n",
    ),
    (
        "parts of an `allOf` that are no objects",
        "      responses:\n        '200':\n          description: The lamp is on.\n",
        "      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              allOf:\n                - type: string\n                - type: string\n                  enum: [a]\n      responses:\n        '200':\n          description: The lamp is on.\n",
    ),
    (
        "an `allOf` with a closed part",
        "      responses:\n        '200':\n          description: The lamp is on.\n",
        "      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              allOf:\n                - $ref: '#/components/schemas/Lamp'\n                - type: object\n                  additionalProperties: false\n                - type: object\n                  additionalProperties:\n                    type: integer\n      responses:\n        '200':\n          description: The lamp is on.\n",
    ),
    (
        "combinations of nothing",
        "      responses:\n        '200':\n          description: The lamp is on.\n",
        "      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              type: object\n              properties:\n                one:\n                  description: One.\n                  oneOf: []\n                all:\n                  description: All.\n                  allOf: []\n      responses:\n        '200':\n          description: The lamp is on.\n",
    ),
    (
        "an error in a property named `properties`",
        "          example: hall\n",
        "          example: hall\n        properties:\n          type: object\n          description: Properties.\n          properties:\n            items:\n              type: array\n              description: Items.\n",
    ),
    (
        "parameters of one name in different places",
        "        - name: lamp_id\n",
        "        - name: lamp_id\n          in: query\n          description: A part.\n          schema:\n            type: string\n        - name: lamp_id\n",
    ),
    (
        "a header with a blank",
        "        - name: lamp_id\n",
        "        - name: a b\n          in: header\n          description: A part.\n          schema:\n            type: string\n        - name: lamp_id\n",
    ),
    (
        "a header of the authentication",
        "        - name: lamp_id\n",
        "        - name: X-Auth-Token\n          in: header\n          description: A part.\n          schema:\n            type: string\n        - name: lamp_id\n",
    ),
    (
        "paths that match the same requests",
        "  /lamps/{lamp_id}:\n",
        "  /lamps/{id}:\n    delete:\n      operationId: RemoveLamp\n      description: Removes a lamp.\n      parameters:\n        - name: id\n          in: path\n          required: true\n          description: The lamp.\n          schema:\n            type: string\n      responses:\n        '204':\n          description: Done.\n  /lamps/{lamp_id}:\n",
    ),
    (
        "a server with a path",
        "paths:\n",
        "servers:\n  - url: https://lamps.example/v2\npaths:\n",
    ),
    (
        "an operation without authentication",
        "      operationId: ListLamps\n",
        "      operationId: ListLamps\n      security: []\n",
    ),
    (
        "a request GET with a body",
        "      operationId: ListLamps\n",
        "      operationId: ListLamps\n      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              $ref: '#/components/schemas/Lamp'\n",
    ),
    (
        "a response to HEAD with a body",
        "    get:\n",
        "    head:\n",
    ),
    (
        "a schema with a blank in its name",
        "    Lamp:\n",
        "    Old lamp:\n      type: object\n      description: A lamp.\n    Lamp:\n",
    ),
    (
        "ids that become the same name in the client",
        "    Lamp:\n",
        "    DesktopId:\n      type: string\n      description: An id.\n      maxLength: 5\n    BatchDesktopId:\n      type: string\n      description: An id.\n    Lamp:\n",
    ),
    (
        "limits that become one constant",
        "    LampList:\n",
        "    Room:\n      type: object\n      description: A room.\n      properties:\n        lamp_ids:\n          type: array\n          description: The lamps.\n          maxItems: 2\n          items:\n            type: string\n    Room_lamp:\n      type: object\n      description: A lamp of a room.\n      properties:\n        ids:\n          type: array\n          description: The ids.\n          maxItems: 3\n          items:\n            type: string\n    LampList:\n",
    ),
    ("no authentication", "security:\n  - Token: []\n", ""),
    (
        "authentication that is not needed",
        "  - Token: []\n",
        "  - {}\n",
    ),
    (
        "authentication by two schemes at once",
        "  - Token: []\n",
        "  - Token: []\n    Key: []\n",
    ),
    (
        "a scheme that the client does not have",
        "      type: apiKey\n      in: header\n",
        "      type: http\n      scheme: basic\n",
    ),
    (
        "a misspelled key of a scheme",
        "      type: apiKey\n      in: header\n",
        "      type: apiKey\n      in: header\n      desciption: A token.\n",
    ),
    (
        "a scope of a scheme without scopes",
        "Token: []",
        "Token: [lamps]",
    ),
    ("credentials that are not a list", "Token: []", "Token: 5"),
    (
        "examples that are not a map",
        "components:\n",
        "components:\n  examples: 5\n",
    ),
    (
        "a path with an encoded dot",
        "  /lamps/{lamp_id}:\n",
        "  /lamps/{lamp_id}/.%2E:\n",
    ),
    (
        "equal limits, one of them exclusive",
        "            type: string\n            minLength: 1\n",
        "            type: integer\n            minimum: 5\n            maximum: 5\n            exclusiveMaximum: true\n",
    ),
    (
        "a property that becomes the field of the other values",
        "      description: A lamp.\n      properties:\n",
        "      description: A lamp.\n      additionalProperties:\n        type: string\n      properties:\n        extra:\n          type: string\n          description: More.\n",
    ),
    (
        "a tag that is not declared",
        "      operationId: ListLamps\n",
        "      operationId: ListLamps\n      tags: [Lamps]\n",
    ),
    (
        "a tag that is declared twice",
        "paths:\n",
        "tags:\n  - name: Lamps\n  - name: Lamps\npaths:\n",
    ),
    (
        "a misspelt contact",
        "  version: 1.0.0\n",
        "  version: 1.0.0\n  contact:\n    nam: A\n  license:\n    url: http://a.example\n",
    ),
    (
        "an exclusive limit without a limit",
        "            type: string\n            minLength: 1\n",
        "            type: integer\n            exclusiveMinimum: true\n",
    ),
    (
        "the description of a pattern without the pattern",
        "            minLength: 1\n",
        "            minLength: 1\n            x-pattern-description: a rule\n",
    ),
    (
        "an extension of another object",
        "      operationId: SwitchLamp\n",
        "      operationId: SwitchLamp\n      x-pattern-description: a rule\n",
    ),
    (
        "a default of a required parameter",
        "            minLength: 1\n",
        "            minLength: 1\n            default: hall\n",
    ),
    (
        "a type next to `allOf`",
        "            minLength: 1\n",
        "            minLength: 1\n            allOf:\n              - type: string\n",
    ),
    (
        "a pattern next to `allOf`",
        "          type: string\n          description: The room of the lamp.\n",
        "          description: The room.\n          maxLength: 5\n          allOf:\n            - type: object\n              nullable: true\n              default: {}\n",
    ),
    (
        "a list of parameters with `null`",
        "        - name: lamp_id\n",
        "        - name: ids\n          in: query\n          description: Ids.\n          schema:\n            type: array\n            items:\n              type: string\n              nullable: true\n        - name: lamp_id\n",
    ),
    (
        "keywords of OpenAPI that are not supported",
        "          description: The room of the lamp.\n",
        "          description: The room of the lamp.\n          readOnly: true\n        one:\n          description: One.\n          anyOf:\n            - type: string\n        two:\n          type: object\n          description: Two.\n          minProperties: 1\n",
    ),
    (
        "a limit of 0 in a `oneOf`",
        "      responses:\n        '200':\n          description: The lamp is on.\n",
        "      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              oneOf:\n                - type: string\n                - type: array\n                  maxItems: 0\n                  items:\n                    type: string\n      responses:\n        '200':\n          description: The lamp is on.\n",
    ),
    (
        "an enum in a `oneOf` whose values need names",
        "            type: string\n            minLength: 1\n      responses:\n        '200':\n",
        "            type: string\n      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              oneOf:\n                - type: integer\n                - type: string\n                  enum: [asc, ASC]\n      responses:\n        '200':\n",
    ),
    (
        "parameters of several types",
        "        - name: lamp_id\n",
        "        - name: one\n          in: query\n          description: One.\n          schema:\n            oneOf:\n              - type: string\n              - type: integer\n        - name: all\n          in: query\n          description: All.\n          schema:\n            allOf:\n              - type: string\n        - name: object\n          in: header\n          description: An object.\n          schema:\n            type: object\n        - name: lists\n          in: query\n          description: Lists.\n          schema:\n            type: array\n            items:\n              type: array\n              items:\n                type: string\n        - name: lamp_id\n",
    ),
    ("keys that are not text", CONTRACT, KEYS),
    ("a list as the contract", CONTRACT, "- openapi: 3.0.3\n"),
    ("an empty contract", CONTRACT, ""),
];

#[test]
fn a_valid_contract_is_generated() {
    let client = codegen::client(CONTRACT).unwrap();
    assert!(client.contains("pub fn switch_lamp"));
}

/// A type and an operation may have one name. What is written for the type is not in the builder of
/// the operation.
#[test]
fn an_operation_may_have_the_name_of_a_type() {
    let body = "operationId: SwitchLamp
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/SwitchLamp'";
    let schema = "  schemas:
    SwitchLamp:
      type: object
      description: How to switch the lamp.
      properties:
        level:
          type: integer
          description: The brightness.";
    let contract = CONTRACT
        .replacen("operationId: SwitchLamp", body, 1)
        .replacen("  schemas:", schema, 1);
    let client = codegen::client(&contract).map_err(|all| all[0].to_string());
    let written = "pub fn builder() -> builder::SwitchLampBuilder {";
    assert_eq!(client.unwrap().matches(written).count(), 1);
}

/// The compiler checks again what is in a changed file, so an edit changes as few as possible.
#[test]
fn an_edit_changes_the_parts_that_it_concerns() {
    let client = codegen::divided_client(CONTRACT).unwrap();
    for (text, parts) in [
        (
            "description: The lamps of a house.",
            &["parts/types-lamplist.rs"][..],
        ),
        (
            "description: The lamps.\n          items",
            &["parts/types-lamplist.rs"],
        ),
        (
            "description: The lamp to switch.",
            &["parts/builder-switchlamp.rs"],
        ),
    ] {
        assert!(CONTRACT.contains(text), "{text}");
        let longer = text.replace("description: ", "description: \"Planted.\\n\\n\" #");
        let edited = codegen::divided_client(&CONTRACT.replace(text, &longer)).unwrap();
        let parts_before: Vec<_> = client.parts().collect();
        let changed: Vec<_> = edited
            .parts()
            .filter(|part| !parts_before.contains(part))
            .map(|(file, _)| file)
            .collect();
        assert_eq!(changed, parts, "{text}");
    }
}

/// Valid constructs that look like errors.
#[test]
fn unusual_contracts_are_generated() {
    for (text, planted) in [
        (
            "          example: hall\n",
            "          example: hall\n        properties:\n          type: string\n          \
             description: \"A [name] in <b>, see http://x.y and\\n\\n    code\"\n",
        ),
        (
            "        '404':",
            "        '202':\n          description: Later.\n        '204':\n          \
             description: Done.\n        '404':",
        ),
        ("        '404':", "        '4XX':"),
        // A limit that is the type's.
        (
            "      responses:\n        '200':\n          description: The lamp is on.\n",
            "      requestBody:\n        required: true\n        content:\n          \
             application/json:\n            schema:\n              oneOf:\n                - type: \
             integer\n                  format: uint32\n                  minimum: 0\n                \
             - type: string\n      responses:\n        '200':\n          description: The lamp is on.\n",
        ),
        (
            "            minLength: 1\n",
            "            pattern: '^\\s.[\\s-]\\S$'\n",
        ),
        (
            "            minLength: 1\n",
            "            enum: ['', '2', 'a b', self]\n",
        ),
        (
            "            minLength: 1\n",
            "            enum: [asc, ASC, '<', '>', '+1', '-1']\n",
        ),
        (
            "            type: string\n            minLength: 1\n",
            "            type: integer\n            enum: [1, 2]\n",
        ),
        (
            "            minLength: 1\n",
            "            format: date-time\n",
        ),
        // A title names no type.
        (
            "          example: hall\n",
            "          title: Lamp\n          example: hall\n        end:\n          type: \
             object\n          title: LampList\n          description: The end.\n          \
             properties:\n            a:\n              type: string\n              \
             description: A part.\n",
        ),
        // Characters that are not in identifiers.
        (
            "    Lamp:\n",
            "    Room:\n      type: object\n      description: A room.\n      properties:\n        \
             a²:\n          type: array\n          description: A list.\n          maxItems: 2\n          \
             items:\n            type: string\n    Lamp:\n",
        ),
        (
            "        - name: lamp_id\n",
            "        - name: '+1'\n          in: query\n          description: One more.\n          \
             schema:\n            type: integer\n            maximum: 5\n        - name: lamp_id\n",
        ),
    ] {
        assert!(CONTRACT.contains(text), "{text}");
        let client = codegen::client(&CONTRACT.replacen(text, planted, 1));
        let diagnostics = client.err().unwrap_or_default();
        assert!(diagnostics.is_empty(), "{planted}: {}", diagnostics[0]);
    }
}

/// Limits of numbers and lists, wherever a request has them, are in the generated code.
#[test]
fn the_client_checks_limits() {
    let limited = CONTRACT.replacen(
        "            type: string\n            minLength: 1\n",
        LIMITED_PARAMETER,
        1,
    );
    let client = codegen::client(&limited).unwrap();
    for message in [
        "level: fewer than 2 items",
        "level: more than 3 items",
        "level: below 5",
        "level: not below 9",
        "level: not a multiple of 2",
    ] {
        assert!(client.contains(message), "{message}");
    }
}

#[test]
fn each_error_is_reported_with_its_position() {
    let mut report = Vec::new();
    for (name, text, planted) in PLANTED {
        assert!(
            CONTRACT.contains(text),
            "`{name}` cannot be planted: the contract has no {text:?}"
        );
        let diagnostics = codegen::client(&CONTRACT.replacen(text, planted, 1))
            .err()
            .unwrap_or_else(|| panic!("`{name}` is not reported"));
        report.push((*name).to_owned());
        for diagnostic in diagnostics {
            let position = diagnostic.position;
            assert!(
                position.line > 0 && position.column > 0,
                "{name}: {diagnostic}"
            );
            report.push(format!("    {diagnostic}"));
        }
    }
    insta::assert_snapshot!("diagnostics", report.join("\n"));
}

/// An editor may have written CRLF.
#[test]
fn crlf_moves_no_position() {
    let crlf = |contract: &str| contract.replace('\n', "\r\n");
    let client = codegen::client(&crlf(CONTRACT));
    assert_eq!(client.err(), None);
    for (name, text, planted) in PLANTED {
        let contract = CONTRACT.replacen(text, planted, 1);
        let diagnostics = codegen::client(&contract).unwrap_err();
        assert_eq!(
            codegen::client(&crlf(&contract)).err(),
            Some(diagnostics),
            "{name}"
        );
    }
}

/// A generated method must not have the name of another method of the client.
#[test]
fn methods_of_the_client_are_reserved() {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workspace-api/src");
    let mut methods = vec!["clone".to_owned()];
    for module in ["client", "desktops"] {
        for file in std::fs::read_dir(sources.join(module)).unwrap() {
            let file = file.unwrap().path();
            if file.is_file() {
                let text = std::fs::read_to_string(&file).unwrap();
                methods.extend(client_methods(&syn::parse_file(&text).unwrap()));
            }
        }
    }
    assert!(methods.len() > 8, "{methods:?}");
    for method in methods {
        let contract =
            CONTRACT.replace("operationId: SwitchLamp", &format!("operationId: {method}"));
        let Err(diagnostics) = codegen::client(&contract) else {
            panic!("`{method}` is not reserved");
        };
        assert!(diagnostics[0].message.contains("existing client method"));
    }
}

/// A body with every kind of type that the generator knows.
const TYPES: &str = "      \
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              description: Types.
              required: [names, free]
              properties:
                names:
                  type: object
                  description: A map.
                  additionalProperties:
                    type: integer
                    format: uint8
                    minimum: 1
                    maximum: 5
                free:
                  type: object
                  description: Anything.
                numbers:
                  type: array
                  description: Numbers.
                  uniqueItems: true
                  minItems: 2
                  items:
                    type: integer
                level:
                  type: number
                  description: A number.
                  default: 1.5
                kind:
                  type: string
                  description: A kind.
                  enum: [one, two]
                  default: one
                either:
                  description: One of two.
                  oneOf:
                    - type: string
                    - type: integer
                pattern:
                  type: string
                  description: A pattern.
                  pattern: '^a$'
                  default: a
      responses:
        '200':
          description: The lamp is on.
";

/// Collects the names of types, traits, functions and variants that code refers to without a path.
fn collect_used(code: TokenStream, used: &mut BTreeSet<String>) {
    let [mut last, mut last_but_one] = [String::new(), String::new()];
    for token in code {
        let text = match &token {
            // Attributes and macros, the module of errors and the variants of an enum have names of
            // their own.
            TokenTree::Group(group) => {
                let is_declared = last_but_one == "enum" || last == "error";
                if !is_declared && !["#", "!"].contains(&last.as_str()) {
                    collect_used(group.stream(), used);
                }
                String::new()
            }
            TokenTree::Ident(name) => {
                let is_in_path = last == ":" && last_but_one == ":";
                let is_declared = ["enum", "mod", "struct", "type"].contains(&last.as_str());
                if !is_in_path && !is_declared {
                    used.insert(name.to_string());
                }
                name.to_string()
            }
            token => token.to_string(),
        };
        last_but_one = mem::replace(&mut last, text);
    }
}

/// A schema or an operation must not hide a name that the generated code refers to.
#[test]
fn names_of_the_generated_code_are_reserved() {
    let responses = "      responses:\n        '200':\n          description: The lamp is on.\n";
    let contract = CONTRACT.replacen(responses, TYPES, 1);
    let client = codegen::client(&contract).map_err(|all| all[0].to_string());
    let client = syn::parse_file(&client.unwrap()).unwrap();
    let mut free = Vec::new();
    for (module, place) in [("types", "    Lamp:\n"), ("builder", "SwitchLamp")] {
        let mut items = client.items.iter();
        let item = items.find(|item| matches!(item, syn::Item::Mod(it) if it.ident == module));
        let mut used = BTreeSet::new();
        collect_used(item.unwrap().to_token_stream(), &mut used);
        assert!(used.len() > 5, "{used:?}");
        for name in used {
            // Generated types start with a capital letter and have others. Type parameters and
            // statics of functions have none, and the types of this contract are in it.
            let is_used = name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.contains(|c: char| c.is_ascii_lowercase())
                && !name.contains("Lamp")
                && !name.contains("ErrorResponse");
            let planted = if module == "types" {
                format!("    {name}:\n      type: object\n      description: A.\n    Lamp:\n")
            } else {
                name.clone()
            };
            let contract = contract.replacen(place, &planted, 1);
            if is_used && codegen::client(&contract).is_ok() {
                free.push(format!("{module}::{name}"));
            }
        }
    }
    assert!(free.is_empty(), "not reserved: {free:?}");
}

/// Collects the functions and variables of code, and the functions that it calls without a path.
fn collect_locals(code: TokenStream, locals: &mut BTreeSet<String>) {
    let mut tokens = code.into_iter().peekable();
    let mut last = String::new();
    while let Some(token) = tokens.next() {
        let text = token.to_string();
        match &token {
            TokenTree::Group(group) if last != "#" => collect_locals(group.stream(), locals),
            TokenTree::Ident(_) => {
                let is_declared = ["fn", "let", "mut"].contains(&last.as_str());
                let has_arguments = match tokens.peek() {
                    Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
                    _ => false,
                };
                let is_called = has_arguments && ![".", ":"].contains(&last.as_str());
                let is_keyword = ["in", "mut", "pub", "self"].contains(&text.as_str());
                if (is_declared || is_called) && !is_keyword {
                    locals.insert(text.clone());
                }
            }
            _ => {}
        }
        last = text;
    }
}

/// A parameter must not have a name that the generated method uses. progenitor itself gives way to
/// some, which the tests of larger contracts compile as parameters.
#[test]
fn names_of_the_generated_methods_are_reserved() {
    const COMPILED: &str = include_str!("constructs.yaml");
    let parameters = "        - name: lamp_id\n";
    let plant = |name: &str, location: &str| {
        let schema = "description: A part.\n          schema:\n            type: string\n";
        format!("        - name: {name}\n          in: {location}\n          {schema}{parameters}")
    };
    let responses = "      responses:\n        '200':\n          description: The lamp is on.\n";
    let contract = CONTRACT.replacen(responses, TYPES, 1);
    let used = contract.replacen(parameters, &plant("X-Part", "header"), 1);
    let client = codegen::client(&used).map_err(|all| all[0].to_string());
    let client = syn::parse_file(&client.unwrap()).unwrap();
    let mut names = BTreeSet::new();
    for item in client.items {
        if let syn::Item::Mod(module) = item
            && module.ident == "builder"
        {
            for item in module.content.unwrap().1 {
                let syn::Item::Impl(item) = item else {
                    continue;
                };
                collect_locals(item.to_token_stream(), &mut names);
            }
        }
    }
    assert!(names.contains("header_map") && names.contains("encode_path"));
    let mut free = Vec::new();
    for name in &names {
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase());
        let is_compiled = COMPILED.contains(&format!("- name: {name}\n"));
        let contract = contract.replacen(parameters, &plant(name, "query"), 1);
        let is_parameter = ["lamp_id", "x_part"].contains(&name.as_str());
        let setter = format!("pub fn {name}<V>(mut self");
        let hides = |client: String| !is_parameter && client.contains(&setter);
        if is_name && !is_compiled && codegen::client(&contract).is_ok_and(hides) {
            free.push(name);
        }
    }
    assert!(free.is_empty(), "not reserved: {free:?}");
}

/// The names of the methods in `impl Client`.
fn client_methods(file: &syn::File) -> Vec<String> {
    let mut methods = Vec::new();
    for item in &file.items {
        if let syn::Item::Impl(item) = item
            && item.trait_.is_none()
            && item.self_ty.to_token_stream().to_string() == "Client"
        {
            for item in &item.items {
                if let syn::ImplItem::Fn(method) = item {
                    methods.push(method.sig.ident.to_string());
                }
            }
        }
    }
    methods
}

/// The sandbox and the command read the contract as YAML 1.2, but know merge keys.
#[test]
fn generator_sandbox_and_command_read_the_same_contract() {
    let generator = codegen::yaml::Node::read(workspace_api::OPENAPI_YAML).unwrap();
    let others: serde_json::Value = serde_saphyr::from_str_with_options(
        workspace_api::OPENAPI_YAML,
        serde_saphyr::options! { strict_booleans: true },
    )
    .unwrap();
    assert_eq!(generator.to_value(), others);
}

#[test]
fn generator_reads_scalars_as_yaml_1_2() {
    let scalars = [
        "",
        "~",
        "null",
        "NULL",
        "nUll",
        "true",
        "False",
        "yes",
        "on",
        "0",
        "-0",
        "+1",
        "-12",
        "0x1F",
        "0o17",
        "0x",
        "0o8",
        "0x+1",
        "1.5",
        "-.5",
        "1.",
        ".5",
        ".",
        "-",
        "+",
        "1e3",
        "1.5E-3",
        "1e",
        "e3",
        "1.e+3",
        "inf",
        "nan",
        "Infinity",
        "1.2.3",
        "1-2",
        "a b",
        "'1'",
        "\"true\"",
        "'~'",
        "18446744073709551615",
        "-9223372036854775808",
        "«ü»",
        "99999999999999999999",
        "[]",
        "{}",
        "[a, 1, ~]",
        "{a: 1}",
        "|\n  1\n",
        ">-\n  true\n",
        "\"\\u00e9\\n\"",
    ];
    for scalar in scalars {
        let yaml = format!("key: {scalar}\n");
        let options = serde_saphyr::options! { strict_booleans: true };
        let expected: serde_json::Value =
            serde_saphyr::from_str_with_options(&yaml, options).unwrap_or_default();
        let read = codegen::tree::builder::parse(&yaml).map(|document| document.root.to_value());
        assert_eq!(read.unwrap_or_default(), expected, "{yaml}");
    }
}

#[test]
fn too_deep_nesting_is_an_error_with_a_position() {
    let block = (0..300)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect::<Vec<_>>()
        .concat();
    // Each of them adds 101 to the depth.
    let aliases = (0..20)
        .map(|n| {
            format!(
                "a{}: &a{} [{}*a{n}{}]\n",
                n + 1,
                n + 1,
                "[".repeat(100),
                "]".repeat(100)
            )
        })
        .collect::<Vec<_>>()
        .concat();
    for (yaml, expected) in [
        ("[".repeat(100_000), "1:256: "),
        ("{a: ".repeat(100_000), "1:1021: "),
        ("- ".repeat(100_000), "1:511: "),
        (block, "256:256: "),
        (format!("a0: &a0 []\n{aliases}"), "4:110: "),
    ] {
        let diagnostics = codegen::client(&yaml).unwrap_err();
        let [diagnostic] = &diagnostics[..] else {
            panic!("one error is expected");
        };
        let message = "invalid YAML: more than 255 lists and maps are nested. ";
        let start = format!("{expected}{message}");
        assert!(diagnostic.to_string().starts_with(&start), "{diagnostic}");
    }
}

#[test]
fn aliases_that_repeat_too_much_are_an_error() {
    let levels = (1..10)
        .map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{}, ", n - 1).repeat(10)))
        .collect::<Vec<_>>()
        .concat();
    for (yaml, expected) in [
        (
            format!("a0: &a0 [x]\n{levels}"),
            "6:25: invalid YAML: YAML aliases repeat more than 100000 values. ",
        ),
        (
            "a: &a [*a]\n".to_owned(),
            "1:8: invalid YAML: this YAML alias is inside of its anchor. ",
        ),
    ] {
        let diagnostic = codegen::client(&yaml).unwrap_err().remove(0).to_string();
        assert!(diagnostic.starts_with(expected), "{diagnostic}");
    }
}
