// Project rules for `redocly lint` that no linter provides, switched on in redocly.yaml.
// Each guards a promise of README.md to the teams that generate clients.

/** Keywords by which one odd value would make a client refuse a whole answer. */
const NARROWING = [
  'enum', 'const', 'pattern', 'format', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems',
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minProperties', 'maxProperties',
  'required', 'discriminator', 'allOf', 'anyOf', 'oneOf', 'not',
];

/** Ids that would turn one path into another, or are empty. */
const UNSAFE_SEGMENTS = ['', '.', '..', 'a/b', 'a\\b', 'a?b', 'a#b', 'a%2fb', 'a\nb', 'a\u0000b', 'a\u007fb'];
const SAFE_SEGMENTS = ['0bec5db98280d2d02fd6c00c2de791ce', '4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001', 'a', '.a', '...', 'a.b'];

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

const isText = (value) => typeof value === 'string' && value.trim() !== '';

function resolve(node, location, ctx) {
  return node?.$ref ? ctx.resolve(node) : { node, location };
}

/** The schema and every schema inside it, each once, with its place in the file. */
function* schemasIn(schema, location, ctx, seen = new Set()) {
  const found = resolve(schema, location, ctx);
  if (!found.node || typeof found.node !== 'object' || seen.has(found.node)) return;
  seen.add(found.node);
  yield found;
  const inside = (key, child) => schemasIn(child, found.location.child(key), ctx, seen);
  for (const key of ['items', 'not', 'additionalProperties']) {
    if (typeof found.node[key] === 'object') yield* inside([key], found.node[key]);
  }
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    for (const [i, child] of (found.node[key] ?? []).entries()) yield* inside([key, i], child);
  }
  for (const [name, child] of Object.entries(found.node.properties ?? {})) yield* inside(['properties', name], child);
}

/** A rule that looks at every schema below the given kinds of node. */
function onSchemasBelow(kinds, check) {
  return () => Object.fromEntries(kinds.map((kind) => [kind, {
    Schema(schema, ctx) {
      for (const { node, location } of schemasIn(schema, ctx.location, ctx)) {
        check(node, (message, key) => ctx.report({ message, location: key ? location.child([key]) : location.key() }));
      }
    },
  }]));
}

const described = () => {
  const need = (...keys) => (node, ctx) => {
    for (const key of keys) {
      if (!isText(node[key])) ctx.report({ message: `Say in \`${key}\` what this is, in our own words.`, location: ctx.location.key() });
    }
  };
  const description = need('description');
  return {
    Info: description, Server: description, ServerVariable: description, Tag: description, ExternalDocs: description,
    Operation: need('summary', 'description'), Parameter: description, RequestBody: description,
    Response: description, Header: description, SecurityScheme: description,
    Schema(schema, ctx) {
      if (!(ctx.key === 'schema' && isText(ctx.parent?.description))) description(schema, ctx);
    },
  };
};

const exampled = () => {
  const has = (node) => node && ('example' in node || 'examples' in node);
  const report = (what, ctx) => ctx.report({ message: `Give ${what} an \`example\`.`, location: ctx.location.key() });
  const orItsSchema = (what) => (node, ctx) => {
    if (!has(node) && !has(resolve(node.schema, ctx.location, ctx).node)) report(what, ctx);
  };
  return {
    Schema(schema, ctx) {
      if (schema.type !== 'object' && !has(schema)) report('this schema', ctx);
    },
    MediaType(media, ctx) {
      if (!has(media)) report('this body', ctx);
    },
    Parameter: orItsSchema('this parameter'),
    Header: orItsSchema('this header'),
  };
};

const tolerantResponse = onSchemasBelow(['Response'], (schema, report) => {
  for (const key of NARROWING.filter((key) => key in schema)) {
    report(`A response is read tolerantly: drop \`${key}\`, and name the known values or limits in the description.`, key);
  }
  if ('additionalProperties' in schema && schema.additionalProperties !== true) {
    report('A response may grow: drop `additionalProperties`.', 'additionalProperties');
  }
  if (schema.type === 'array' && schema.nullable !== true) {
    report('An array of a response may arrive as `null`: add `nullable: true`.');
  }
});

const boundedRequest = onSchemasBelow(['RequestBody', 'Parameter'], (schema, report) => {
  const need = (...keys) => keys.filter((key) => !(key in schema)).forEach((key) => report(`A request is checked before it leaves: add \`${key}\`.`));
  if (schema.type === 'string' && !schema.enum) need('maxLength');
  if (schema.type === 'array') need('maxItems');
  if (schema.type === 'integer' || schema.type === 'number') need('minimum', 'maximum');
});

const requiredBody = () => ({
  RequestBody(body, ctx) {
    if (body.required !== true) ctx.report({ message: 'The service wants this body: say `required: true`.', location: ctx.location.key() });
  },
});

const iamAction = () => {
  const seen = new Map();
  return {
    Operation(operation, ctx) {
      const action = operation['x-huaweicloud-iam-action'];
      const location = action === undefined ? ctx.location.key() : ctx.location.child(['x-huaweicloud-iam-action']);
      if (!/^workspace:[a-zA-Z]+:[a-zA-Z]+$/.test(action ?? '')) {
        ctx.report({ message: 'Name the IAM action in `x-huaweicloud-iam-action`, as `workspace:<resource>:<action>`.', location });
      } else if (seen.has(action)) {
        ctx.report({ message: `\`${action}\` is the IAM action of ${seen.get(action)} already.`, location });
      }
      seen.set(action, operation.operationId);
    },
  };
};

const authenticated = () => ({
  Root(root, ctx) {
    if (!root.security?.length) ctx.report({ message: 'Say at the top which `security` every operation wants.', location: ctx.location });
  },
  Operation(operation, ctx) {
    if ('security' in operation) ctx.report({ message: 'Every operation wants the same credentials: drop its own `security`.', location: ctx.location.child(['security']) });
  },
});

const errors = () => ({
  Operation(operation, ctx) {
    const responses = operation.responses ?? {};
    for (const status of ['401', '403', '404', '500'].filter((status) => !(status in responses))) {
      ctx.report({ message: `Every operation can answer ${status}: document it.`, location: ctx.location.child(['responses']).key() });
    }
    for (const [status, response] of Object.entries(responses)) {
      const { node, location } = resolve(response, ctx.location.child(['responses', status]), ctx);
      if (!node) continue;
      if (!node.headers?.['X-Request-Id']) ctx.report({ message: 'Every answer carries `X-Request-Id`: list it under `headers`.', location: location.key() });
      if (/^[23]/.test(status)) continue;
      const bodies = Object.entries(node.content ?? {}).map(([type, media]) => `${type} ${media.schema?.$ref ?? 'inline'}`);
      if (bodies.join() !== 'application/json #/components/schemas/ErrorResponse') {
        ctx.report({ message: 'An error has one body, `application/json` of `ErrorResponse`.', location: location.key() });
      }
    }
  },
});

const vendorNames = ({ operations, schemas }) => ({
  Root(root, ctx) {
    const report = (message, ...pointer) => ctx.report({ message, location: ctx.location.child(pointer) });
    for (const [route, id] of Object.entries(operations)) {
      const [method, path] = route.split(' ');
      const found = root.paths?.[path]?.[method.toLowerCase()]?.operationId;
      if (found !== id) report(`The vendor calls \`${route}\` \`${id}\`, not \`${found}\`.`, 'paths');
    }
    for (const name of schemas) {
      if (!root.components?.schemas?.[name]) report(`The vendor's schema \`${name}\` is missing.`, 'components', 'schemas');
    }
  },
  Operation(operation, ctx) {
    const id = operation.operationId ?? '';
    if (!/^([A-Z][a-z0-9]+)+$/.test(id)) ctx.report({ message: 'The vendor writes operation ids `LikeThis`.', location: ctx.location.child(['operationId']) });
    const answer = operation.responses?.['200']?.content?.['application/json']?.schema;
    if (answer && answer.$ref !== `#/components/schemas/${id}Response`) {
      ctx.report({ message: `The vendor calls this answer \`${id}Response\`.`, location: ctx.location.child(['responses', '200']) });
    }
  },
  Schema(schema, ctx) {
    for (const name of Object.keys(schema.properties ?? {}).filter((name) => !/^[a-z]+(_[a-z]+)*$/.test(name))) {
      ctx.report({ message: 'The vendor writes properties `like_this`.', location: ctx.location.child(['properties', name]).key() });
    }
  },
});

const safePath = () => ({
  Parameter(parameter, ctx) {
    if (parameter.in !== 'path') return;
    const { node } = resolve(parameter.schema, ctx.location, ctx);
    let pattern;
    try {
      pattern = new RegExp(node?.pattern ?? '', 'u');
    } catch (error) {
      return ctx.report({ message: `The \`pattern\` is no regular expression: ${error.message}.`, location: ctx.location });
    }
    const passes = (id) => id.length >= (node?.minLength ?? 0) && pattern.test(id);
    const wrong = [...UNSAFE_SEGMENTS.filter(passes).map((id) => `lets ${JSON.stringify(id)} through`),
      ...SAFE_SEGMENTS.filter((id) => !passes(id)).map((id) => `refuses ${JSON.stringify(id)}`)];
    if (wrong.length) ctx.report({ message: `An id in a path must not change the path: the schema ${wrong.join(', ')}.`, location: ctx.location.child(['schema']) });
  },
});

const semanticVersion = () => ({
  Info(info, ctx) {
    if (!/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(info.version ?? '')) {
      ctx.report({ message: 'The version is `MAJOR.MINOR.PATCH`.', location: ctx.location.child(['version']) });
    }
  },
});

const singleSuccess = () => ({
  PathItem(item, ctx) {
    for (const method of METHODS.filter((method) => item[method])) {
      const successes = Object.keys(item[method].responses ?? {}).filter((status) => !/^[45]\d\d$/.test(status));
      if (successes.join() !== '200') {
        ctx.report({ message: `An operation answers 200 or documented codes of 4xx and 5xx, not ${successes}.`, location: ctx.location.child([method, 'responses']).key() });
      }
    }
  },
});

export const lint = {
  described, exampled, errors, authenticated,
  'tolerant-response': tolerantResponse,
  'bounded-request': boundedRequest,
  'required-body': requiredBody,
  'iam-action': iamAction,
  'vendor-names': vendorNames,
  'safe-path': safePath,
  'semantic-version': semanticVersion,
  'single-success': singleSuccess,
};
