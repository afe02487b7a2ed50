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
  boolean: ['default'],
  integer: ['enum', 'multipleOf', ...OF_NUMBERS],
  number: OF_NUMBERS,
  array: ['items', 'minItems', 'maxItems', 'uniqueItems'],
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

/** What the build supports and a contract still cannot have, and who would be hurt. */
const HARMFUL = {
  title: 'renames the type that generators of other languages make',
  oneOf: 'becomes a type that accepts anything, or nothing, in Go, Python and Java',
  default: 'is written as a value that does not compile by generators of Java, Kotlin and TypeScript',
  enum: 'becomes constants that do not compile in Java, C# and Kotlin',
  examples: 'is not read by the mock servers and importers of other languages, which use `example`',
  required: 'makes clients of other languages reject the whole response if it is absent',
  summary: 'is not shown in the documentation. Describe the operations',
  description: 'is not shown in the documentation. Describe the operations',
  'ServerVariable enum': 'makes clients of Go reject every newer value',
};

/** Formats that the build supports, and who reads them differently. */
const HARMFUL_FORMATS = {
  uint32: 'which is a signed number of 32 bits in clients of Java and Kotlin. Use int64 with a `minimum`',
  uint64: 'which is a signed number of 32 bits in clients of Java and Kotlin. Use int64 with a `minimum`',
  email: 'for which clients of Python need another package. Use a `pattern`, or describe it',
  uri: 'which clients of Python rewrite, with a slash at the end. Use a `pattern`, or describe it',
};

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
      check(schema.type, [...ANY_SCHEMA, ...keywords], `a schema of type ${schema.type ?? 'object'}`)(schema, ctx);
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
