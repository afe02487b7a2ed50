// Rates each difference between two contracts by what it does to a generated client: to the names
// and the order of what it offers, to what it sends, and to what it accepts.
//
// - major: code may no longer compile, or does something else
// - minor: an addition that no old call notices, or a wider limit of a request
// - patch: text
//
// A keyword that is in none of the tables below may mean anything to a generator: a change is major.
import { METHODS, isMap } from './tree.mjs';

export const IMPACTS = ['patch', 'minor', 'major'];

/** What only people read. */
const TEXTS = [
  'description', 'summary', 'example', 'examples', 'externalDocs', 'x-pattern-description',
  'x-huaweicloud-iam-condition-keys',
];

/** Limits that are tighter when they are lower, and those that are tighter when they are higher. */
const MAXIMA = ['maxLength', 'maxItems', 'maximum', 'maxProperties'];
const MINIMA = ['minLength', 'minItems', 'minimum', 'minProperties'];

const same = (a, b) => canonical(a) === canonical(b);
const show = (value) => (value === undefined ? 'nothing' : canonical(value));

/** Serialises a value with sorted keys: the order of keys has no meaning except in `properties`. */
function canonical(value) {
  return JSON.stringify(value, (key, node) => (isMap(node)
    ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
    : node));
}

/**
 * Returns the differences between two contracts as `{ path, impact, reason }`, where the path is a list of
 * keys.
 */
export function differences(released, current) {
  return new Comparison(released, current).run();
}

class Comparison {
  constructor(released, current) {
    this.released = released;
    this.current = current;
    this.changes = [];
    this.compared = new Set();
  }

  report(path, impact, reason) {
    const isKnown = this.changes.some((change) => same(change.path, path) && change.reason === reason);
    if (!isKnown) this.changes.push({ path, impact, reason });
  }

  run() {
    const [old, now] = [this.released, this.current];
    this.info(old.info ?? {}, now.info ?? {});
    this.servers(old.servers ?? [], now.servers ?? []);
    this.security(['security'], old.security ?? [], now.security ?? []);
    this.paths(old.paths ?? {}, now.paths ?? {});
    this.components(old.components ?? {}, now.components ?? {});
    this.keywords([], old, now, ['info', 'servers', 'security', 'paths', 'components', 'tags']);
    if (!same(old.tags, now.tags)) this.report(['tags'], 'patch', 'The texts of the tags changed.');
    return this.changes;
  }

  /** Generators make package names of the title. */
  info(old, now) {
    this.keywords(['info'], old, now, ['version', 'contact', 'license', 'termsOfService']);
    for (const key of ['contact', 'license', 'termsOfService']) {
      if (!same(old[key], now[key])) this.report(['info', key], 'patch', `\`${key}\` changed.`);
    }
  }

  /** A generated client sends to the first server, with the variables' defaults. */
  servers(old, now) {
    const kept = old.filter((server, i) => server.url === now[i]?.url);
    if (kept.length < old.length) {
      this.report(['servers'], 'major', `The servers changed from ${show(old.map(urlOf))} to `
        + `${show(now.map(urlOf))}.`);
      return;
    }
    if (now.length > old.length) this.report(['servers'], 'minor', 'A server was added.');
    old.forEach((server, i) => {
      const path = ['servers', i];
      this.keywords(path, server, now[i], ['url', 'variables']);
      this.members([...path, 'variables'], server.variables ?? {}, now[i].variables ?? {}, {
        added: 'major',
        compare: (at, before, after) => {
          this.keywords(at, before, after, ['enum']);
          this.choices(at, before.enum, after.enum, ['request']);
        },
      });
    });
  }

  /** Compares the ways to authenticate, each a set of schemes that are used together. */
  security(path, old, now) {
    const [before, after] = [old, now].map((list) => list.map(canonical));
    for (const alternative of before.filter((alternative) => !after.includes(alternative))) {
      this.report(path, 'major', `Credentials ${alternative} are no longer accepted.`);
    }
    for (const alternative of after.filter((alternative) => !before.includes(alternative))) {
      if (alternative === '{}') {
        this.report(path, 'major', 'Clients may now send requests without credentials.');
      } else {
        this.report(path, 'minor', `Credentials ${alternative} are accepted too.`);
      }
    }
    if (!same(before, after) && same(before.toSorted(), after.toSorted())) {
      this.report(path, 'minor', 'The credentials have another order.');
    }
  }

  paths(old, now) {
    this.members(['paths'], operationsOf(old), operationsOf(now), {
      compare: (at, before, after) => this.operation(at, before, after),
    });
  }

  operation(path, old, now) {
    const handled = [
      'parameters', 'requestBody', 'responses', 'security', 'deprecated', 'servers',
      'x-huaweicloud-iam-dependencies',
    ];
    this.keywords(path, old, now, handled);
    this.deprecation(path, old, now);
    this.dependencies(path, old, now);
    if (!same(old.servers, now.servers)) this.report(path, 'major', 'The servers changed.');
    const [before, after] = [[old, this.released], [now, this.current]]
      .map(([operation, root]) => operation.security ?? root.security ?? []);
    if (old.security || now.security) this.security([...path, 'security'], before, after);
    this.parameters([...path, 'parameters'], old.parameters ?? [], now.parameters ?? []);
    this.requestBody([...path, 'requestBody'], old.requestBody, now.requestBody);
    this.members([...path, 'responses'], old.responses ?? {}, now.responses ?? {}, {
      added: (status) => (/^[45]/.test(status) ? 'minor' : 'major'),
      compare: (at, before, after) => this.response(at, before, after),
    });
  }

  deprecation(path, old, now) {
    if (!same(old.deprecated ?? false, now.deprecated ?? false)) {
      this.report(path, 'minor', now.deprecated ? 'It is deprecated now.' : 'It is no longer deprecated.');
    }
  }

  /** Callers with the old permissions can no longer call the operation. */
  dependencies(path, old, now) {
    const key = 'x-huaweicloud-iam-dependencies';
    const [before, after] = [old, now].map((operation) => operation[key] ?? []);
    const added = after.filter((action) => !before.includes(action));
    if (added.length > 0) {
      this.report(path, 'major', `It needs more IAM actions: ${added.join(', ')}.`);
    } else if (!same(before, after)) {
      this.report(path, 'minor', 'It needs fewer IAM actions.');
    }
  }

  /** Parameters become arguments, in this order; not every language has optional arguments. */
  parameters(path, old, now) {
    const [before, after] = [
      old.map((parameter) => this.resolve(this.released, parameter)),
      now.map((parameter) => this.resolve(this.current, parameter)),
    ].map((list) => Object.fromEntries(list.map((node) => [`${node.in} ${node.name}`, node])));
    this.order(path, before, after, 'arguments');
    this.members(path, before, after, {
      added: 'major',
      compare: (at, parameter, revised) => {
        this.keywords(at, parameter, revised, ['schema', 'content', 'required', 'deprecated']);
        this.deprecation(at, parameter, revised);
        this.requirement(at, parameter.required, revised.required);
        this.use([...at, 'schema'], parameter.schema, revised.schema, ['request']);
        if (!same(parameter.content, revised.content)) this.report(at, 'major', '`content` changed.');
      },
    });
  }

  requestBody(path, old, now) {
    if (!old && !now) return;
    if (!old || !now) {
      this.report(path, 'major', `The request ${now ? 'has a body now' : 'has no body any more'}.`);
      return;
    }
    const [before, after] = [this.resolve(this.released, old), this.resolve(this.current, now)];
    this.keywords(path, before, after, ['content', 'required']);
    this.requirement(path, before.required, after.required);
    this.content([...path, 'content'], before.content ?? {}, after.content ?? {}, 'request');
  }

  /** What is optional has another type in most languages. */
  requirement(path, old = false, now = false) {
    if (old !== now) this.report(path, 'major', `It is ${now ? 'required' : 'optional'} now.`);
  }

  response(path, old, now) {
    const [before, after] = [this.resolve(this.released, old), this.resolve(this.current, now)];
    this.keywords(path, before, after, ['content', 'headers']);
    this.content([...path, 'content'], before.content ?? {}, after.content ?? {}, 'response');
    this.members([...path, 'headers'], before.headers ?? {}, after.headers ?? {}, {
      compare: (at, header, revised) => {
        const [was, is] = [this.resolve(this.released, header), this.resolve(this.current, revised)];
        this.keywords(at, was, is, ['schema']);
        this.use([...at, 'schema'], was.schema, is.schema, ['response']);
      },
    });
  }

  /** Generators send the first media type, and make arguments of the properties of a form. */
  content(path, old, now, direction) {
    const isHarmless = (type) => direction === 'request' && Object.keys(old).length > 0
      && type !== Object.keys(now)[0] && !/form/.test(type);
    this.members(path, old, now, {
      added: (type) => (isHarmless(type) ? 'minor' : 'major'),
      compare: (at, before, after) => {
        this.keywords(at, before, after, ['schema']);
        this.use([...at, 'schema'], before.schema, after.schema, [direction]);
      },
    });
  }

  /** Compares two schemas where they are used: the name of a type counts as well as its content. */
  use(path, old, now, directions) {
    if (!old && !now) return;
    if (!old || !now) {
      this.report(path, 'major', `The schema was ${now ? 'added' : 'removed'}.`);
      return;
    }
    if (old.$ref !== now.$ref) {
      const [was, is] = [old, now].map((node) => nameOf(node.$ref) ?? 'an inline schema');
      this.report(path, 'major', `The type changed from ${was} to ${is}.`);
      return;
    }
    if (!old.$ref) {
      this.schema(path, old, now, directions);
      return;
    }
    const key = `${old.$ref} ${directions.join()}`;
    if (this.compared.has(key)) return;
    this.compared.add(key);
    const [before, after] = [this.resolve(this.released, old), this.resolve(this.current, now)];
    this.schema(['components', 'schemas', nameOf(old.$ref)], before, after, directions);
  }

  schema(path, old, now, directions) {
    const handled = [
      'properties', 'required', 'items', 'enum', 'x-enum-varnames', 'pattern', 'deprecated',
      ...MAXIMA, ...MINIMA,
    ];
    this.keywords(path, old, now, handled);
    this.deprecation(path, old, now);
    this.limits(path, old, now, directions);
    this.choices(path, old.enum, now.enum, directions);
    this.valueNames(path, old['x-enum-varnames'] ?? [], now['x-enum-varnames'] ?? []);
    this.properties(path, old, now, directions);
    if (old.items || now.items) this.use([...path, 'items'], old.items, now.items, directions);
  }

  /** A client with the old limits may reject what is allowed now, or send what is not. */
  limits(path, old, now, directions) {
    for (const key of [...MAXIMA, ...MINIMA, 'pattern']) {
      if (old[key] === now[key]) continue;
      const isWider = key !== 'pattern' && (now[key] === undefined || (old[key] !== undefined
        && (MAXIMA.includes(key) ? now[key] > old[key] : now[key] < old[key])));
      const isAddition = isWider && !directions.includes('response');
      const change = `\`${key}\` changed from ${show(old[key])} to ${show(now[key])}`;
      this.report([...path, key], isAddition ? 'minor' : 'major', directions.includes('response')
        ? `${change}: clients may reject responses that they accepted before.`
        : `${change}: requests have ${isAddition ? 'a wider limit' : 'another limit'}.`);
    }
  }

  /** Values of an enum become constants, in this order. */
  choices(path, old, now, directions) {
    if (same(old, now)) return;
    if (!old || !now) {
      this.report(path, 'major', `\`enum\` was ${now ? 'added' : 'removed'}: the type changes.`);
    } else if (!old.every((value, i) => value === now[i])) {
      this.report(path, 'major', `\`enum\` changed from ${show(old)} to ${show(now)}.`);
    } else {
      const isRequest = !directions.includes('response');
      this.report(path, isRequest ? 'minor' : 'major', isRequest ? 'Values were added to `enum`.'
        : 'Values were added to `enum`: clients may reject responses that they accepted before.');
    }
  }

  /** The names of new values come with the values. */
  valueNames(path, old, now) {
    if (old.length === 0 ? now.length > 0 : !old.every((name, i) => name === now[i])) {
      this.report(path, 'major', `The names of the values changed from ${show(old)} to ${show(now)}.`);
    }
  }

  /** Properties become arguments of a constructor: in this order, or the required ones first. */
  properties(path, old, now, directions) {
    const [before, after] = [old.properties ?? {}, now.properties ?? {}];
    const [wasRequired, isRequired] = [old.required ?? [], now.required ?? []];
    this.order([...path, 'properties'], before, after, 'members');
    this.order([...path, 'properties'], requiredFirst(before, wasRequired), requiredFirst(after, isRequired),
      'members, the required ones first,');
    this.members([...path, 'properties'], before, after, {
      added: (name) => (isRequired.includes(name) ? 'major' : 'minor'),
      compare: (at, property, revised) => {
        const [was, is] = [wasRequired, isRequired].map((names) => names.includes(at.at(-1)));
        this.requirement(at, was, is);
        this.use(at, property, revised, directions);
      },
    });
  }

  /** Reports members that moved: new ones are additions only behind the old ones. */
  order(path, old, now, what) {
    const before = Object.keys(old).filter((name) => name in now);
    const after = Object.keys(now).slice(0, before.length);
    if (before.length > 0 && !same(before, after)) {
      const moved = `from ${Object.keys(old).join(', ')} to ${Object.keys(now).join(', ')}`;
      this.report(path, 'major', `The order of the ${what} changed ${moved}.`);
    }
  }

  /** Components that no operation uses are generated, too. */
  components(old, now) {
    for (const section of Object.keys({ ...now, ...old }).sort()) {
      this.members(['components', section], old[section] ?? {}, now[section] ?? {}, {
        compare: (at, before, after) => {
          if (section === 'schemas') this.unused(at, before, after);
          if (section === 'securitySchemes') this.keywords(at, before, after);
        },
      });
    }
  }

  unused(path, old, now) {
    const isUsed = ['request', 'response'].some((direction) => (
      this.compared.has(`#/components/schemas/${path.at(-1)} ${direction}`)));
    if (!isUsed) this.schema(path, old, now, ['request', 'response']);
  }

  /** Compares two maps by key: what was removed, what was added, and what both have. */
  members(path, old, now, { added = 'minor', compare }) {
    for (const name of Object.keys(old).filter((name) => !(name in now))) {
      this.report([...path, name], 'major', 'It was removed or renamed.');
    }
    for (const name of Object.keys(now).filter((name) => !(name in old))) {
      const impact = typeof added === 'function' ? added(name) : added;
      this.report([...path, name], impact, 'It was added.');
    }
    for (const name of Object.keys(old).filter((name) => name in now)) {
      compare([...path, name], old[name], now[name]);
    }
  }

  /** Compares the keywords that have no rule of their own. */
  keywords(path, old, now, handled = [], impact = 'major') {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      if (handled.includes(key) || same(old[key], now[key])) continue;
      const at = path === '' ? key : [...path, key];
      if (TEXTS.includes(key)) this.report(at, 'patch', `\`${key}\` changed.`);
      else this.report(at, impact, `\`${key}\` changed from ${show(old[key])} to ${show(now[key])}.`);
    }
  }

  /** Follows references inside a contract. */
  resolve(root, node) {
    if (!node.$ref) return node;
    const keys = node.$ref.slice('#/'.length).split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const target = keys.reduce((parent, key) => parent?.[key], root);
    if (!target) throw new Error(`${node.$ref} does not exist. \`npm run lint\` shows where it is used.`);
    return this.resolve(root, target);
  }
}

const nameOf = (ref) => ref?.split('/').at(-1);
const urlOf = (server) => server.url;

/** Returns the operations by path and method, with the parameters of their path. */
function operationsOf(paths) {
  return Object.fromEntries(Object.entries(paths).flatMap(([path, item]) => METHODS
    .filter((method) => item[method])
    .map((method) => {
      const operation = item[method];
      const parameters = [...item.parameters ?? [], ...operation.parameters ?? []];
      return [`${method.toUpperCase()} ${path}`, { ...operation, parameters }];
    })));
}

function requiredFirst(properties, required) {
  const isRequired = ([name]) => required.includes(name);
  const entries = Object.entries(properties);
  return Object.fromEntries([
    ...entries.filter(isRequired), ...entries.filter((entry) => !isRequired(entry)),
  ]);
}
