// Lint rules for schemas, parameters and texts: descriptions, examples, tolerant responses, and ids that are safe in a path.
import { checkSchemasBelow, isText, resolve } from './nodes.mjs';
import { RESPONSE_FORBIDDEN_KEYWORDS } from './shared.mjs';

/** Values that would change the path they are inserted into, or leave a segment empty. */
const UNSAFE_SEGMENTS = [
  '', '.', '..', 'a/b', 'a\\b', 'a?b', 'a#b', 'a%2fb', 'a\nb', 'a\u0000b', 'a\u007fb',
];
const SAFE_SEGMENTS = [
  '0bec5db98280d2d02fd6c00c2de791ce', '4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001',
  'a', '.a', '...', 'a.b',
];

const described = () => {
  const requireText = (...keys) => (node, ctx) => {
    for (const key of keys.filter((key) => !isText(node[key]))) {
      const message = `\`${key}\` is missing or empty. Write one in our own words.`;
      ctx.report({ message, location: ctx.location.key() });
    }
  };
  const description = requireText('description');
  return {
    Info: description,
    Server: description,
    ServerVariable: description,
    Tag: description,
    ExternalDocs: description,
    Operation: requireText('summary', 'description'),
    Parameter: description,
    RequestBody: description,
    Response: description,
    Header: description,
    SecurityScheme: description,
    Schema(schema, ctx) {
      // The schema of a parameter or header is described by its parent.
      if (!(ctx.key === 'schema' && isText(ctx.parent?.description))) description(schema, ctx);
    },
  };
};

const exampled = () => {
  const hasExample = (node) => node && ('example' in node || 'examples' in node);
  const report = (what, ctx) => {
    const message = `This ${what} has no example. Add \`example\`.`;
    ctx.report({ message, location: ctx.location.key() });
  };
  const hereOrInSchema = (what) => (node, ctx) => {
    const schema = resolve(node.schema, ctx.location, ctx).node;
    if (!hasExample(node) && !hasExample(schema)) report(what, ctx);
  };
  return {
    Schema(schema, ctx) {
      if (schema.type !== 'object' && !hasExample(schema)) report('schema', ctx);
    },
    MediaType(media, ctx) {
      if (!hasExample(media)) report('body', ctx);
    },
    Parameter: hereOrInSchema('parameter'),
    Header: hereOrInSchema('header'),
  };
};

const tolerantResponse = checkSchemasBelow(['Response'], (schema, report) => {
  // Without `int64`, clients of Go and Java read a number of 32 bits.
  const isForbidden = (key) => key in schema && (key !== 'format' || schema.format !== 'int64');
  for (const key of RESPONSE_FORBIDDEN_KEYWORDS.filter(isForbidden)) {
    const problem = key === 'default'
      ? 'invents a value that the service did not send. Remove it.'
      : 'makes clients reject the whole response for one unexpected value. '
        + 'Remove it and describe the known values or limits.';
    report(`\`${key}\` in a response ${problem}`, key);
  }
  if (schema.additionalProperties === false) {
    report(
      '`additionalProperties` in a response makes clients reject new properties. Remove it.',
      'additionalProperties',
    );
  }
  if (schema.type === 'array' && schema.nullable !== true) {
    report('The service may send `null` for an array, which clients of other languages reject. Add `nullable: true`.');
  }
});

const safePath = () => ({
  Parameter(parameter, ctx) {
    if (parameter.in !== 'path') return;
    const { node } = resolve(parameter.schema, ctx.location, ctx);
    let pattern;
    try {
      pattern = new RegExp(node?.pattern ?? '', 'u');
    } catch (error) {
      const message = `\`pattern\` is not a valid regular expression: ${error.message}.`;
      ctx.report({ message, location: ctx.location });
      return;
    }
    const accepts = (id) => id.length >= (node?.minLength ?? 0) && pattern.test(id);
    const problems = [
      ...UNSAFE_SEGMENTS.filter(accepts).map((id) => `accepts ${JSON.stringify(id)}`),
      ...SAFE_SEGMENTS.filter((id) => !accepts(id)).map((id) => `rejects ${JSON.stringify(id)}`),
    ];
    if (problems.length) {
      const message = 'Clients must accept every id that leaves the path as it is, and no other. '
        + `This schema ${problems.join(', ')}.`;
      ctx.report({ message, location: ctx.location.child(['schema']) });
    }
  },
});

export const schemaRules = {
  described,
  exampled,
  'tolerant-response': tolerantResponse,
  'safe-path': safePath,
};
