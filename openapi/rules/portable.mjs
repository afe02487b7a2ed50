// Lint rules for what the generators of every language need: names that each of them keeps, and
// requests that each can send.
import { checkSchemasBelow } from './nodes.mjs';
import { Contract } from './tree.mjs';

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

/** Types that clients of openapi-generator have or import, by language: a component of that name does not compile. */
const USED_TYPES = {
  Go: [
    'APIClient', 'APIKey', 'APIResponse', 'BasicAuth', 'Bool', 'CacheExpires', 'Configuration', 'ContextAPIKeys',
    'ContextServerIndex', 'ContextServerVariables', 'Float32', 'Float64', 'GenericOpenAPIError', 'Int', 'Int32', 'Int64',
    'IsNil', 'MappedNullable', 'PtrString', 'ServerConfiguration', 'ServerVariable', 'String', 'Time',
  ],
  Java: [
    'Arrays', 'BigDecimal', 'Consumer', 'Date', 'Duration', 'HashMap', 'HttpClient', 'HttpRequest', 'HttpResponse', 'InputStream', 'JsonInclude',
    'JsonProperty', 'JsonTypeName', 'Map', 'Objects', 'Override', 'Pair', 'StringJoiner', 'Thread', 'TypeReference',
  ],
  Python: ['ConfigDict', 'Dict', 'List', 'Optional'],
  TypeScript: ['Array', 'FetchError', 'InitOverrideFunction', 'Json', 'ResponseError', 'Set'],
};

/** Variables of generated methods: a parameter of that name does not compile, or is sent with another value. */
const USED_PARAMETERS = {
  'Go clients of openapi-generator': ['api_service', 'ctx', 'execute', 'r'],
  'Java clients of openapi-generator': ['e', 'headers', 'p', 'query_joiner', 'response_body', 'response_value'],
  'PHP clients of openapi-generator': ['multipart', 'this'],
  'Ruby clients of openapi-generator': [
    'debug_auth_names', 'debug_body', 'debug_return_type', 'form_params', 'header_params', 'opts', 'query_params',
  ],
  'Rust clients of openapi-generator': ['configuration'],
  'clients of openapi-python-client': ['body', 'params'],
};

/** Variables of methods that have parameters in their path only. */
const USED_PATH_PARAMETERS = { 'Go clients of openapi-generator': ['a'], 'clients of openapi-python-client': ['quote'] };

/** Returns the generator that uses the name of a parameter, if there is one. */
function userOf({ name = '', in: location }) {
  const used = [USED_PARAMETERS, location === 'path' ? USED_PATH_PARAMETERS : {}].flatMap(Object.entries);
  return used.find(([, names]) => names.some((other) => bareName(other) === bareName(name)))?.[0];
}

/** Methods of every object of Java, which the generated methods of these operations would override. */
const USED_OPERATIONS = ['GetClass', 'HashCode', 'Notify', 'NotifyAll', 'ToString', 'Wait'];

/** Yields the names of the types that openapi-generator derives from the contract, with their languages. */
function* derivedTypes({ operations, root }) {
  for (const { operation: { operationId, tags = [] } } of operations) {
    yield [`${operationId}Request`, 'TypeScript'];
    yield [`Api${operationId}Request`, 'Go'];
    yield* tags.flatMap((tag) => [[`${tag}Api`, 'TypeScript'], [`${tag}APIService`, 'Go']]);
  }
  for (const name of Object.keys(root.components?.schemas ?? {})) yield [`Nullable${name}`, 'Go'];
}

const portableName = () => ({
  Root(root, ctx) {
    const contract = new Contract(root);
    const used = new Map([
      ...Object.entries(USED_TYPES).flatMap(([language, names]) => names.map((name) => [name, language])),
      ...derivedTypes(contract),
    ]);
    const report = (path, message) => ctx.report({ message, location: ctx.location.child(path).key() });
    for (const name of Object.keys(root.components?.schemas ?? {}).filter((name) => used.has(name))) {
      report(['components', 'schemas', name], `\`${name}\` is another type in ${used.get(name)} clients of `
        + 'openapi-generator, which then do not compile. Say what it is of.');
    }
    for (const { path, operation: { operationId } } of contract.operations) {
      if (!USED_OPERATIONS.includes(operationId)) continue;
      report([...path, 'operationId'], `\`${operationId}\` is a method of every object in Java, so that clients of `
        + 'openapi-generator do not compile. Choose another.');
    }
    for (const [path, parameter] of contract.parameters()) {
      const generator = userOf(parameter);
      if (!generator) continue;
      report([...path, 'name'], `\`${parameter.name}\` is a variable in the methods of ${generator}, which then do not compile or `
        + 'send another value. Leave the parameter out or, in a path, rename it.');
    }
  },
  Schema({ properties = {} }, ctx) {
    if ('$ref' in properties) {
      const message = '`$ref` is a reference also as the name of a property: openapi-python-client leaves the type out. Leave it out.';
      ctx.report({ message, location: ctx.location.child(['properties', '$ref']).key() });
    }
    for (const name of Object.keys(properties).filter((name) => !/[A-Za-z0-9]/.test(name))) {
      const message = `\`${name}\` has no letter or digit of ASCII: Go and Python clients of openapi-generator do not compile.`;
      ctx.report({ message, location: ctx.location.child(['properties', name]).key() });
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
