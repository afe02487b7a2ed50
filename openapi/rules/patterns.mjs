// Lint rules for patterns: the engines of every language read them alike.
import { checkSchemasBelow } from './nodes.mjs';

const UNANCHORED = 'must begin with `^` and end with `$` on each side of a `|` outside parentheses, or on none: clients of '
  + 'openapi-generator match the whole text in Java, and its start in Python';

/** Returns why an engine could read the pattern differently; `undefined` if none does. */
export function patternProblem(pattern) {
  if (pattern === '') return 'is empty';
  if (/[^\x20-\x7e]/.test(pattern)) return 'has a character outside ASCII, which PHP reads as bytes';
  let anchors = 0;
  let alternatives = 1;
  let depth = 0;
  let isStart = true;
  for (let rest = pattern; rest !== '';) {
    const set = /^\[\^?(?:\\.[^[\]\\]?|[^[\]\\])*\]/.exec(rest)?.[0];
    const token = set
      ?? /^(?:\\x[0-9a-fA-F]{2}|\\.|\(\?:|\(\?|[*+?][+?]?|\{\d+(?:,\d*)?\}[+?]?|.)/.exec(rest)[0];
    rest = rest.slice(token.length);
    if (token === ')') depth -= 1;
    const isEnd = depth === 0 && (rest === '' || rest.startsWith('|'));
    const isAnchor = (isStart && token === '^') || (isEnd && token === '$');
    const problem = set ? setProblem(set) : !isAnchor && tokenProblem(token);
    if (problem) return problem;
    if (isAnchor) anchors += 1;
    if (token.startsWith('(')) depth += 1;
    isStart = depth === 0 && token === '|';
    if (isStart) alternatives += 1;
  }
  if (alternatives > 1 && anchors > 0 && anchors < 2 * alternatives) return UNANCHORED;
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    return `is not a valid regular expression: ${error.message}`;
  }
  return undefined;
}

function setProblem(set) {
  const inside = set.slice(1, -1);
  if (inside === '^') return `has \`${set}\`, a set without characters`;
  if (/&&|--|~~/.test(inside)) return `has \`${set}\`, which is an operation on sets in Java, Ruby and Rust`;
  return [...inside.matchAll(/\\(?:x[0-9a-fA-F]{2}|.)/g)].map(([text]) => escapeProblem(text))
    .find(Boolean);
}

function tokenProblem(token) {
  if (token === '(?') return 'has a group such as look-around, which Go and Rust do not support';
  if (token === '[' || token === ']') return `has an unescaped \`${token}\``;
  if (token === '^' || token === '$') return `has a \`${token}\` in the middle, which Ruby reads as the start or end of a line`;
  if (/^([*+?]|\{.*\})\+$/.test(token)) return `has \`${token}\`, which only some engines support`;
  const repeated = /^\{(\d+)(?:,(\d+))?/.exec(token);
  if (repeated && Math.max(repeated[1], repeated[2] ?? 0) > 1000) {
    return 'repeats more than 1,000 times, which Go\'s engine does not compile';
  }
  return token.startsWith('\\') ? escapeProblem(token) : undefined;
}

function escapeProblem(text) {
  const code = /^\\x([0-9a-fA-F]{2})$/.exec(text)?.[1];
  if (code) {
    const message = `has \`${text}\`: Ruby does not parse it, PHP reads it as a byte, others as a character`;
    return parseInt(code, 16) < 0x80 ? undefined : message;
  }
  if (/^\\[.\\/*+?()[\]{}|^$-]$/.test(text) || /^\\[fnrt]$/.test(text)) return undefined;
  return `has \`${text}\`, which JavaScript, Python, Java and Go do not read alike: list the characters`;
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
  if (schema.type !== 'string' || patternProblem(String(schema.pattern ?? ''))) return;
  const pattern = new RegExp(schema.pattern);
  const rejected = ['.', '..', 'a/b'].filter((id) => !pattern.test(id));
  if (rejected.length > 0 && ['a', 'a.b', '...'].every((id) => pattern.test(id))) {
    report('This pattern protects a path, but this is a body. Use a schema without it.', 'pattern');
  }
});

export const patternRules = {
  'portable-pattern': portablePattern,
  'no-path-pattern-in-body': noPathPatternInBody,
};
