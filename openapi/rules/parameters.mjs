// What the build rejects of parameters: the client sends each in one way, under a name of its own.
import { bareName } from './portable.mjs';
import { OWN_HEADERS, USED_NAMES } from './shared.mjs';

const isList = (schema) => schema?.type === 'array';
const isSingle = (schema) => ['boolean', 'integer', 'number', 'string'].includes(schema?.type) && !schema.allOf;

/** Yields the problems of all parameters and of their names, as places and messages. */
export function* parameterProblems(contract) {
  for (const [path, parameter] of contract.parameters()) {
    if (parameter.$ref === undefined) {
      for (const message of problemsOf(parameter, contract)) yield [path, message];
    }
  }
  for (const { path, item, operation } of contract.operations) {
    const names = new Map();
    const lists = [[path.slice(0, 2), item.parameters], [path, operation.parameters]];
    for (const [owner, parameters = []] of lists) {
      for (const [i, entry] of parameters.entries()) {
        const { name = '' } = contract.follow(entry) ?? {};
        const key = bareName(name) || name;
        if (names.has(key)) {
          yield [[...owner, 'parameters', i], `\`${name}\` and \`${names.get(key)}\` become one argument. Remove one.`];
        }
        names.set(key, name);
      }
    }
  }
}

function* problemsOf({ name = '', in: location, style, explode, schema }, contract) {
  const isQuery = location === 'query';
  if (!['path', 'query', 'header'].includes(location)) {
    yield 'Clients send parameters in the path, the query or a header.';
  }
  if (location === 'path' && USED_NAMES.parameters.some((used) => bareName(used) === bareName(name))) {
    yield `\`${name}\` is a name in the generated method. Rename it here and in the path: it is not sent.`;
  }
  if (location === 'header' && OWN_HEADERS.includes(name.toLowerCase())) {
    yield `Clients set the header \`${name}\` themselves. Remove the parameter.`;
  }
  if (location === 'header' && !/^[\w!#$%&'*+.^`|~-]+$/.test(name)) yield `\`${name}\` is not a valid name of a header.`;
  if ((style ?? (isQuery ? 'form' : 'simple')) !== (isQuery ? 'form' : 'simple') || (explode ?? isQuery) !== isQuery) {
    yield 'Clients repeat a query parameter for each item of a list, and send other parameters as one value. '
      + 'Remove `style` and `explode`.';
  }
  const target = contract.follow(schema);
  const isSent = isList(target) ? isQuery && isSingle(contract.follow(target.items)) : isSingle(target);
  if (!isSent) {
    yield 'A parameter is one value with a `type`, or, in the query, a list of such values. Declare it as a string, '
      + 'and describe its form.';
  }
}
