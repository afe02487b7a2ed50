// Lint rules for what the generators of every language need: names that each of them keeps, and
// requests that each can send.
import { checkSchemasBelow } from './nodes.mjs';

/** Returns the name without what generators drop: case, and what separates its words. */
export const bareName = (name) => String(name).toLowerCase().replace(/[^a-z0-9\u0080-\uffff]/g, '');

/** A generator may have one namespace for what OpenAPI keeps apart, and compare without case. */
const uniqueNames = () => ({
  Schema({ properties = {}, enum: values = [], 'x-enum-varnames': given }, ctx) {
    const section = given ? 'x-enum-varnames' : 'enum';
    const names = [
      ...Object.keys(properties).map((name) => [['properties', name], name]),
      ...(given ?? values).map((name, i) => [[section, i], name]).filter(([, name]) => /^[A-Za-z]/.test(name)),
    ];
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
          if (!received.has(schema)) report('The vendor\'s service rejects `null`, which a client may then send. Remove `nullable`.', 'nullable');
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

const noBodyInGet = () => ({
  PathItem(item, ctx) {
    for (const method of ['get', 'head'].filter((method) => item[method]?.requestBody)) {
      const message = `A ${method.toUpperCase()} has no body: proxies and clients drop it.`;
      ctx.report({ message, location: ctx.location.child([method, 'requestBody']).key() });
    }
  },
});

export const portableRules = {
  'unique-names': uniqueNames,
  'portable-name': portableName,
  'no-null-in-request': noNullInRequest,
  'exampled-parameter': exampledParameter,
  'no-body-in-get': noBodyInGet,
};
