// Lint rules for what the generators of every language need: names, patterns and keywords that each
// of them supports, and YAML that each parser reads alike.
import { checkSchemasBelow } from './nodes.mjs';

/** Returns the name without what generators drop: case, and what separates its words. */
const bareName = (name) => String(name).toLowerCase().replace(/[^a-z0-9]/g, '');

/** A generator may have one namespace for what OpenAPI keeps apart, and compare without case. */
const uniqueNames = () => ({
  Schema({ properties = {}, enum: values = [], 'x-enum-varnames': given }, ctx) {
    const section = given ? 'x-enum-varnames' : 'enum';
    const names = [
      ...Object.keys(properties).map((name) => [['properties', name], name]),
      ...(given ?? values).map((name, i) => [[section, i], name]),
    ].filter(([, name]) => /^[A-Za-z]/.test(name));
    names.forEach(([path, name], i) => {
      const earlier = names.slice(0, i).find(([[section], other]) => section === path[0]
        && bareName(other) === bareName(name));
      if (earlier) {
        const advice = path[0] === 'enum' ? ' Name the values in `x-enum-varnames`.' : '';
        const message = `\`${name}\` and \`${earlier[1]}\` have the same name in languages that write names \`likeThis\`.${advice}`;
        ctx.report({ message, location: ctx.location.child(path).key() });
      }
    });
  },
  Components(components, ctx) {
    const owners = new Map();
    for (const [section, entries] of Object.entries(components)) {
      for (const name of Object.keys(entries ?? {})) {
        const key = bareName(name);
        const location = ctx.location.child([section, name]).key();
        if (owners.has(key)) {
          const message = `\`${name}\` is also a name in \`${owners.get(key)}\`. Choose another, `
            + 'because some generators have one namespace for all components.';
          ctx.report({ message, location });
        }
        owners.set(key, section);
      }
    }
  },
});

/** Names that are keywords, or types of the library or of the generated client, in some language. */
const RESERVED = [
  'any', 'api', 'array', 'boolean', 'bytes', 'case', 'class', 'client', 'configuration', 'const', 'data',
  'date', 'default', 'double', 'enum', 'error', 'exception', 'extension', 'file', 'float', 'function',
  'import', 'int', 'integer', 'interface', 'list', 'long', 'map', 'model', 'module', 'none', 'null',
  'number', 'object', 'option', 'optional', 'package', 'promise', 'protocol', 'record', 'request',
  'response', 'result', 'self', 'set', 'string', 'struct', 'task', 'tuple', 'type', 'uri', 'url', 'uuid',
  'value', 'vec', 'void',
];

const portableName = () => ({
  Components(components, ctx) {
    const report = (section, name, message) => {
      ctx.report({ message, location: ctx.location.child([section, name]).key() });
    };
    for (const [section, entries] of Object.entries(components)) {
      for (const name of Object.keys(entries ?? {})) {
        if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) {
          report(section, name, `Write \`${name}\` as \`LikeThis\`: generators change other names.`);
        } else if (section === 'schemas' && RESERVED.includes(name.toLowerCase())) {
          report(section, name, `\`${name}\` is a keyword or a type in some language. Say what it is of.`);
        }
      }
    }
  },
});

/** Returns why an engine could read the pattern differently; `undefined` if none does. */
export function patternProblem(pattern) {
  if (/[^\x20-\x7e]/.test(pattern)) return 'has a character outside ASCII';
  const isAnchored = pattern.startsWith('^') || pattern.endsWith('$');
  let depth = 0;
  for (let rest = pattern.replace(/^\^/, '').replace(/\$$/, ''); rest !== '';) {
    const set = /^\[\^?(?:\\.[^[\]\\]?|[^[\]\\])*\]/.exec(rest)?.[0];
    const token = set
      ?? /^(?:\\x[0-9a-fA-F]{2}|\\.|\(\?:|\(\?|[*+?][+?]?|\{\d+(?:,\d*)?\}[+?]?|.)/.exec(rest)[0];
    const problem = set ? setProblem(set) : tokenProblem(token);
    if (problem) return problem;
    if (token.startsWith('(')) depth += 1;
    if (token === ')') depth -= 1;
    if (token === '|' && depth === 0 && isAnchored) return 'has a `|` outside parentheses, which splits `^` and `$`';
    rest = rest.slice(token.length);
  }
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    return `is not a valid regular expression: ${error.message}`;
  }
  return undefined;
}

function setProblem(set) {
  const inside = set.slice(1, -1);
  if (/&&|--|~~|\|\|/.test(inside)) return `has \`${set}\`, which is an operation on sets in some engines`;
  return [...inside.matchAll(/\\(?:x[0-9a-fA-F]{2}|.)/g)].map(([text]) => escapeProblem(text))
    .find(Boolean);
}

function tokenProblem(token) {
  if (token === '(?') return 'has a group such as look-around, which Go and Rust do not support';
  if (token === '[' || token === ']') return `has an unescaped \`${token}\``;
  if (token === '^' || token === '$') return `has a \`${token}\` in the middle`;
  if (/^([*+?]|\{.*\})\+$/.test(token)) return `has \`${token}\`, which only some engines support`;
  const repeated = /^\{(\d+)(?:,(\d+))?/.exec(token);
  if (repeated && Math.max(repeated[1], repeated[2] ?? 0) > 1000) {
    return 'repeats more than 1,000 times, which Go does not support';
  }
  return token.startsWith('\\') ? escapeProblem(token) : undefined;
}

function escapeProblem(text) {
  const code = /^\\x([0-9a-fA-F]{2})$/.exec(text)?.[1];
  if (code) {
    const message = `has \`${text}\`: some engines read it as a byte, others as a character`;
    return parseInt(code, 16) < 0x80 ? undefined : message;
  }
  if (/^\\[.\\/*+?()[\]{}|^$-]$/.test(text) || /^\\[nrt]$/.test(text)) return undefined;
  return `has \`${text}\`, which engines read differently. List the characters.`;
}

const portablePattern = () => ({
  Schema(schema, ctx) {
    if (!('pattern' in schema)) {
      if (!('x-pattern-description' in schema)) return;
      const message = 'There is no `pattern` that this describes.';
      ctx.report({ message, location: ctx.location.child(['x-pattern-description']) });
      return;
    }
    const problem = patternProblem(String(schema.pattern));
    if (problem) {
      const message = `This pattern ${problem}.`;
      ctx.report({ message, location: ctx.location.child(['pattern']) });
    }
  },
});

/** A pattern that protects a path has no use in a body, and rejects values there. */
const noPathPatternInBody = checkSchemasBelow(['RequestBody'], (schema, report) => {
  if (schema.type !== 'string' || !('pattern' in schema)) return;
  const pattern = new RegExp(schema.pattern);
  const rejected = ['.', '..', 'a/b'].filter((id) => !pattern.test(id));
  if (rejected.length > 0 && ['a', 'a.b', '...'].every((id) => pattern.test(id))) {
    report('This pattern protects a path, but this is a body. Use a schema without it.', 'pattern');
  }
});

/** A client that may send `null` does, and the service rejects it. Responses need it for arrays. */
const noNullInRequest = () => {
  const [sent, received] = [new Map(), new Set()];
  return {
    ...checkSchemasBelow(['RequestBody', 'Parameter'], (schema, report) => {
      if (schema.nullable === true) sent.set(schema, report);
    })(),
    ...checkSchemasBelow(['Response'], (schema) => received.add(schema))(),
    Root: {
      leave() {
        for (const [schema, report] of sent) {
          if (!received.has(schema)) report('A request must not have `null`. Remove `nullable`.', 'nullable');
        }
      },
    },
  };
};

const exampledParameter = () => ({
  Parameter(parameter, ctx) {
    if (!('example' in parameter)) {
      const message = 'Add `example` to the parameter itself: tools that send requests do not look '
        + 'behind the `$ref` of its schema.';
      ctx.report({ message, location: ctx.location.key() });
    }
  },
});

const ANY_SCHEMA = ['type', 'description', 'example', 'nullable', 'deprecated'];
const SCHEMA_KEYWORDS = {
  string: [
    'enum', 'x-enum-varnames', 'default', 'format', 'pattern', 'minLength', 'maxLength',
    'x-pattern-description',
  ],
  boolean: ['default'],
  integer: ['enum', 'default', 'format', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  number: ['default', 'format', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  array: ['items', 'minItems', 'maxItems', 'uniqueItems'],
  object: ['properties', 'required', 'additionalProperties', 'allOf'],
};
const FORMATS = {
  string: ['date', 'date-time', 'byte', 'uuid'],
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** The keywords that every generator supports where they stand here. */
const ALLOWED = {
  PathItem: ['get', 'put', 'post', 'delete', 'patch'],
  Operation: [
    'operationId', 'tags', 'summary', 'externalDocs', 'description', 'parameters', 'requestBody',
    'responses', 'deprecated', 'x-huaweicloud-iam-action', 'x-huaweicloud-iam-dependencies',
    'x-huaweicloud-iam-condition-keys',
  ],
  Parameter: ['name', 'in', 'required', 'description', 'schema', 'example', 'deprecated'],
  RequestBody: ['description', 'required', 'content'],
  MediaType: ['schema', 'example'],
  Response: ['description', 'headers', 'content'],
  Header: ['description', 'schema', 'example'],
  Server: ['url', 'description', 'variables'],
  ServerVariable: ['default', 'description'],
  SecurityScheme: ['type', 'in', 'name', 'description'],
};

const supportedKeywords = () => {
  const report = (ctx, key, reason) => {
    ctx.report({ message: `\`${key}\` ${reason}.`, location: ctx.location.child([key]).key() });
  };
  const check = (allowed, where) => (node, ctx) => {
    for (const key of Object.keys(node).filter((key) => !allowed.includes(key))) {
      report(ctx, key, `is not supported by every generator, or has no effect, in ${where}`);
    }
  };
  const visitors = Object.entries(ALLOWED)
    .map(([type, allowed]) => [type, check(allowed, `this ${type}`)]);
  return {
    ...Object.fromEntries(visitors),
    Schema(schema, ctx) {
      const keywords = SCHEMA_KEYWORDS[schema.type] ?? ('allOf' in schema && ['allOf']);
      if (!keywords) {
        const message = 'Write a `type` that every generator supports: string, boolean, integer, '
          + 'number, array or object.';
        ctx.report({ message, location: ctx.location.key() });
        return;
      }
      check([...ANY_SCHEMA, ...keywords], `a schema of type ${schema.type ?? 'allOf'}`)(schema, ctx);
      if (schema.format && !FORMATS[schema.type]?.includes(schema.format)) {
        report(ctx, 'format', `${schema.format} is not a format of type ${schema.type}`);
      }
    },
  };
};

const noBodyInGet = () => ({
  PathItem(item, ctx) {
    for (const method of ['get', 'head'].filter((method) => item[method]?.requestBody)) {
      const message = `A ${method.toUpperCase()} has no body: proxies and clients drop it.`;
      ctx.report({ message, location: ctx.location.child([method, 'requestBody']).key() });
    }
  },
});

/** Plain scalars that parsers of YAML 1.1 (Python, Ruby) and 1.2 (JavaScript) read differently. */
const AMBIGUOUS = /(?:[:,[-] +|^)(y|n|yes|no|on|off|0\d+|0o\d+|\d[\d_]*_\d[\d_]*|[1-9][\d_]*(?::[0-5]?\d)+|\d{4}-\d\d-\d\d(?:[Tt ].*)?|~)(?= *(?:[,\]}]|$|#))/i;

const portableYaml = () => ({
  Root(root, ctx) {
    let blockIndent = -1;
    const lines = ctx.location.source.body.split('\n');
    for (const line of lines) {
      const indent = line.search(/\S/);
      if (indent < 0 || (blockIndent >= 0 && indent > blockIndent)) continue;
      blockIndent = /(?:: |- )[|>][+-]?$/.test(line) ? indent : -1;
      const code = line.replace(/^\s*#.*|\s+#.*/, '').replace(/'[^']*'|"[^"]*"/g, '""');
      const value = AMBIGUOUS.exec(code)?.[1] ?? /(?:[:-] +)([&*]\w+|<<)|^\s*(<<):/.exec(code)?.[0];
      if (value) {
        const message = `line ${lines.indexOf(line) + 1}: YAML parsers read \`${value.trim()}\` `
          + 'differently. Quote it, and use no anchors or merge keys.';
        ctx.report({ message, location: ctx.location });
      }
    }
  },
});

export const portableRules = {
  'unique-names': uniqueNames,
  'portable-name': portableName,
  'portable-pattern': portablePattern,
  'no-path-pattern-in-body': noPathPatternInBody,
  'no-null-in-request': noNullInRequest,
  'exampled-parameter': exampledParameter,
  'supported-keywords': supportedKeywords,
  'no-body-in-get': noBodyInGet,
  'portable-yaml': portableYaml,
};
