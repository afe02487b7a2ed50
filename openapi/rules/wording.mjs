// Lint rules for what the texts say: sentences without invisible characters, names that exist, the
// limits of the schema, links that work on every page, and nothing said twice.
import { isText, resolve } from './nodes.mjs';
import { linkProblem } from './texts.mjs';

const TEXTS = ['title', 'summary', 'description', 'x-pattern-description'];

/** Yields the texts of a node, by key. */
function* textsOf(node) {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  for (const key of TEXTS) {
    if (isText(node[key])) yield [key, node[key]];
  }
}

/** Creates a rule that reports every problem that `check` returns for a text and its key. */
function checkTexts(check) {
  return {
    any(node, ctx) {
      for (const [key, text] of textsOf(node)) {
        for (const message of check(text, key, node, ctx)) {
          ctx.report({ message, location: ctx.location.child([key]) });
        }
      }
    },
  };
}

const withoutCode = (text) => text.replace(/`[^`]*`/g, '`');

function* faults(text, key) {
  if (text.includes('\t')) yield 'This text has a tab, which the documentation shows as a space.';
  if (/ $/m.test(text) || /^\s|\n\n$/.test(text)) yield 'This text has white space at the end of a line.';
  if (text.split('`').length % 2 === 0) yield 'This text has a backquote without a second one.';
  if (/<\/?[a-z][^>]*>|&#?\w+;/i.test(withoutCode(text))) yield 'This text has HTML. Use Markdown.';
  if (key === 'summary' && text.length > 60) yield 'A summary is a heading, of at most 60 characters.';
  if (key === 'description' && !/^[^a-z][^]*[.!?:]\n?$/.test(text)) {
    yield 'A description has sentences: a capital letter at the beginning and a full stop at the end.';
  }
}

/** Returns the text without what does not distinguish it: case, spaces, punctuation. */
const bare = (text) => String(text).toLowerCase().replace(/[^a-z0-9]+/g, '');

const sentences = () => checkTexts(function* check(text, key, node, ctx) {
  yield* faults(text, key);
  const names = [ctx.key, node.name, node.operationId, node.summary];
  if (key === 'description' && names.filter(isText).some((name) => bare(name).replace(/s$/, '') === bare(text).replace(/s$/, ''))) {
    yield 'This description only repeats the name or the summary. Say what they do not say.';
  }
});

const NAME = /^[A-Za-z][\w.:-]+$/;

/** Yields every name that the contract defines or shows: keys, names, enums, actions, examples. */
function* namesIn(node) {
  if (typeof node === 'string') yield node;
  if (typeof node !== 'object' || node === null) return;
  for (const [key, child] of Object.entries(node)) {
    yield key;
    if (!TEXTS.includes(key)) yield* namesIn(child);
  }
}

/** A name in a code span is one of the contract's, or one of `others`, which lists foreign names. */
const knownNames = ({ others = [] }) => {
  let known = new Set();
  const texts = checkTexts(function* check(text, key, node) {
    for (const [, span] of text.matchAll(/`([^`]+)`/g)) {
      if (NAME.test(span) && !known.has(span)) {
        yield `The contract has no \`${span}\`. Correct it, or list it in \`others\` in redocly.yaml.`;
      }
    }
    for (const [, status] of text.matchAll(/\b[Ss]tatus (\d{3})\b/g)) {
      if (node.responses && !(status in node.responses)) yield `The operation has no status ${status}.`;
    }
  });
  return {
    Root(root) {
      known = new Set([...namesIn(root), ...others]);
    },
    ...texts,
  };
};

/** The limits that a text states first: `1 to 100`, `at most 255`, `at least 1`. */
function statedLimits(text) {
  const number = (digits) => Number(digits?.replaceAll(',', ''));
  const range = /\b(\d[\d,]*) to (\d[\d,]*)\b/.exec(text);
  if (range) return [['min', number(range[1])], ['max', number(range[2])]];
  return [['min', /\bat least (\d[\d,]*)\b/], ['max', /\b(?:at most|up to) (\d[\d,]*)\b/]]
    .map(([limit, pattern]) => [limit, number(pattern.exec(text)?.[1])])
    .filter(([, value]) => !Number.isNaN(value));
}

const statedLimitsFit = () => ({
  Schema(schema, ctx) {
    for (const [limit, stated] of statedLimits(schema.description ?? '')) {
      const values = ['Length', 'Items', 'imum'].map((rest) => schema[`${limit}${rest}`])
        .filter((value) => value !== undefined);
      if (values.length > 0 && !values.includes(stated)) {
        const message = `The text states the limit ${stated}, the schema ${values.join(', ')}.`;
        ctx.report({ message, location: ctx.location.child(['description']) });
      }
    }
  },
});

/** Two things that readers choose between have different descriptions. */
const distinctDescription = () => {
  const check = (nodes, ctx) => {
    const owners = new Map();
    for (const [path, node, name = path.at(-1)] of nodes) {
      const key = bare(node?.description ?? '');
      if (key !== '' && owners.has(key)) {
        const message = `This is also the description of \`${owners.get(key)}\`. Say what differs.`;
        ctx.report({ message, location: ctx.location.child([...path, 'description']) });
      }
      owners.set(key, name);
    }
  };
  return {
    Schema(schema, ctx) {
      check(Object.entries(schema.properties ?? {}).map(([name, node]) => [['properties', name], node]), ctx);
    },
    Components(components, ctx) {
      for (const section of ['parameters', 'responses', 'headers', 'securitySchemes']) {
        check(Object.entries(components[section] ?? {}).map(([name, node]) => [[section, name], node]), ctx);
      }
    },
    Paths(paths, ctx) {
      check(Object.entries(paths).flatMap(([path, item]) => Object.entries(item)
        .map(([method, node]) => [[path, method], node, node?.operationId])), ctx);
    },
  };
};

const textLinks = () => checkTexts(function* check(text) {
  for (const [, target] of withoutCode(text).matchAll(/\]\(([^)]*)\)/g)) {
    const problem = linkProblem(target);
    if (problem) yield `${problem}: ${target}`;
  }
});

/** What tools and people write where they do not know a value, and what must not be published. */
const PLACEHOLDER = /^(?:string|text|value|example|sample|foo|bar|test|abc|xxx+)?$|^[{<].*[}>]$/i;
const SECRET = /\b[A-Z0-9]{20}\b|(?=\w*[A-Z])(?=\w*[a-z])(?=\w*\d)[\w+/=]{33,}|passwor[dt]\s*[:=]/;

const realExample = () => {
  const check = (node, ctx) => {
    const { example } = node;
    if (typeof example !== 'string' || !PLACEHOLDER.test(example)) return;
    const message = 'This example is a placeholder. Show a value that the service could accept or send.';
    ctx.report({ message, location: ctx.location.child(['example']) });
  };
  return { Schema: check, Parameter: check, Header: check };
};

const noSecret = () => ({
  any(node, ctx) {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, text] of Object.entries(node)) {
      if (typeof text === 'string' && !key.startsWith('$') && key !== 'pattern' && SECRET.test(text)) {
        ctx.report({ message: 'This may be a secret.', location: ctx.location.child([key]) });
      }
    }
  },
});

/** Readers distinguish the statuses by their error examples. */
const distinctErrorCode = () => ({
  Components({ responses = {} }, ctx) {
    const owners = new Map();
    for (const [name, response] of Object.entries(responses)) {
      const node = resolve(response, ctx.location, ctx).node ?? {};
      const code = node.content?.['application/json']?.example?.error_code;
      if (code !== undefined && owners.has(code)) {
        const message = `\`${owners.get(code)}\` shows the same error code. Show one of this status.`;
        ctx.report({ message, location: ctx.location.child(['responses', name]) });
      }
      owners.set(code, name);
    }
  },
});

export const wordingRules = {
  sentences,
  'known-names': knownNames,
  'stated-limits': statedLimitsFit,
  'distinct-description': distinctDescription,
  'text-links': textLinks,
  'real-example': realExample,
  'no-secret': noSecret,
  'distinct-error-code': distinctErrorCode,
};
