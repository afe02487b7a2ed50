// Lint rules for keywords and formats: those that have an effect in the build, and that the generators
// of every language support.
import { FORMATS } from './shared.mjs';

const ANY_SCHEMA = ['type', 'description', 'example', 'nullable', 'deprecated'];
const OF_OBJECTS = ['properties', 'required', 'additionalProperties', 'allOf'];
const OF_NUMBERS = ['default', 'format', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
const SCHEMA_KEYWORDS = {
  string: [
    'enum', 'x-enum-varnames', 'default', 'format', 'pattern', 'minLength', 'maxLength',
    'x-pattern-description',
  ],
  boolean: ['enum', 'default'],
  integer: ['enum', 'multipleOf', ...OF_NUMBERS],
  number: OF_NUMBERS,
  array: ['items', 'default', 'minItems', 'maxItems', 'uniqueItems'],
  object: OF_OBJECTS,
};

/** The keywords that have an effect here. */
const ALLOWED = {
  Root: ['openapi', 'info', 'externalDocs', 'servers', 'tags', 'security', 'paths', 'components'],
  Info: ['title', 'version', 'description', 'contact', 'license', 'termsOfService'],
  Contact: ['name', 'url', 'email'],
  License: ['name', 'url'],
  ExternalDocs: ['description', 'url'],
  Tag: ['name', 'description', 'externalDocs'],
  Server: ['url', 'description', 'variables'],
  ServerVariable: ['default', 'description'],
  PathItem: ['get', 'put', 'post', 'delete', 'patch', 'head', 'parameters'],
  Operation: [
    'operationId', 'tags', 'summary', 'externalDocs', 'description', 'parameters', 'requestBody',
    'responses', 'deprecated', 'x-huaweicloud-iam-action', 'x-huaweicloud-iam-dependencies',
    'x-huaweicloud-iam-condition-keys',
  ],
  Parameter: ['name', 'in', 'required', 'description', 'schema', 'example', 'deprecated', 'style', 'explode'],
  RequestBody: ['description', 'required', 'content'],
  MediaType: ['schema', 'example'],
  Response: ['description', 'headers', 'content'],
  Header: ['description', 'schema', 'example', 'deprecated'],
  Components: [
    'examples', 'headers', 'parameters', 'requestBodies', 'responses', 'schemas', 'securitySchemes',
  ],
  SecurityScheme: ['type', 'in', 'name', 'description'],
};

/** What the build supports and a contract still cannot have, and which generator reads it differently. */
const HARMFUL = {
  title: 'becomes the name of the type in clients of openapi-generator and openapi-python-client, in place of that of the other languages',
  oneOf: 'makes clients of openapi-generator reject a value that fits two of the schemas (Python), and empty one that fits none (TypeScript)',
  default: 'becomes a lambda or `null` in Kotlin and an empty map in Java by openapi-generator, or does not compile in TypeScript by orval',
  enum: 'does not compile in Java by openapi-generator, and openapi-python-client leaves the operation out',
  examples: 'is not read by the mock servers and importers of other languages, which use `example`',
  required: 'makes Go clients of ogen reject the whole response if it is absent',
  summary: 'is not shown in the documentation. Describe the operations',
  description: 'is not shown in the documentation. Describe the operations',
  'ServerVariable enum': 'makes Go clients of openapi-generator reject every newer value',
};

/** Formats that the build supports, and which generator reads them differently. */
const UNSIGNED = 'which openapi-generator makes a signed number of 32 bits in Go, Java and Kotlin. Use int64 with a `minimum`';
const HARMFUL_FORMATS = {
  uint32: UNSIGNED,
  uint64: UNSIGNED,
  email: 'for which Python clients of datamodel-code-generator need another package. Use a `pattern`, or describe it',
  uri: 'to which Python clients of datamodel-code-generator add a slash. Use a `pattern`, or describe it',
};

/** Whether generators make a type of a schema, which a `title` would rename. */
const isType = ({ type, enum: values, allOf }) => type === 'object' || Boolean(values ?? allOf);

/** Whether generators write the default of a list as a value of the list. */
const isPlainDefault = ({ default: value, items }) => value.length === 0
  || (['string', 'integer', 'number', 'boolean'].includes(items?.type) && !items.enum);

/** Yields the keywords that a generator reads differently because of their value, and how. */
function* harmfulValues(schema) {
  const { type, format, minimum, maximum, default: value } = schema;
  if (type === 'array' && Array.isArray(value) && !isPlainDefault(schema)) yield ['default', HARMFUL.default];
  if (type === 'string' && value !== undefined && ['date-time', 'decimal'].includes(format)) {
    yield ['default', `of a ${format} does not compile in Go by openapi-generator. Describe it`];
  }
  const isWide = (limit) => limit > 2 ** 31 - 1 || limit < -(2 ** 31);
  if (type === 'integer' && format === undefined && [minimum, maximum].some(isWide)) {
    yield ['type', 'without a `format` is a number of 32 bits in Go and Java by openapi-generator. Add `format: int64`'];
  }
}

const supportedKeywords = () => {
  const report = (ctx, key, problem) => {
    ctx.report({ message: `\`${key}\` ${problem}.`, location: ctx.location.child([key]).key() });
  };
  const check = (type, allowed, where) => (node, ctx) => {
    for (const key of Object.keys(node).filter((key) => !allowed.includes(key))) {
      const harm = HARMFUL[`${type} ${key}`] ?? HARMFUL[key];
      report(ctx, key, harm ?? `has no effect, or another one in some language, in ${where}`);
    }
  };
  const visitors = Object.entries(ALLOWED)
    .map(([type, allowed]) => [type, check(type, allowed, `this ${type}`)]);
  return {
    ...Object.fromEntries(visitors),
    Paths(paths, ctx) {
      for (const key of Object.keys(paths).filter((key) => key.startsWith('x-'))) {
        report(ctx, key, 'has no effect in these paths');
      }
    },
    Schema(schema, ctx) {
      if (schema.oneOf) {
        report(ctx, 'oneOf', HARMFUL.oneOf);
        return;
      }
      const keywords = SCHEMA_KEYWORDS[schema.type] ?? ('allOf' in schema && OF_OBJECTS);
      if (!keywords) {
        const message = 'Write a `type` that every generator supports: string, boolean, integer, '
          + 'number, array or object.';
        ctx.report({ message, location: ctx.location.key() });
        return;
      }
      const title = isType(schema) ? [] : ['title'];
      check(schema.type, [...ANY_SCHEMA, ...title, ...keywords], `a schema of type ${schema.type ?? 'object'}`)(schema, ctx);
      for (const [key, problem] of harmfulValues(schema)) report(ctx, key, problem);
      if (!schema.format) return;
      if (!FORMATS.includes(`${schema.type} ${schema.format}`)) {
        report(ctx, 'format', `${schema.format} is not a format of type ${schema.type}`);
      } else if (HARMFUL_FORMATS[schema.format]) {
        report(ctx, 'format', `is ${schema.format}, ${HARMFUL_FORMATS[schema.format]}`);
      }
    },
  };
};

export const keywordRules = { 'supported-keywords': supportedKeywords };
