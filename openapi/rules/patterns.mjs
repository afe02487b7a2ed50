// Lint rules for patterns: the engines of every language read them alike.
import { checkSchemasBelow } from './nodes.mjs';

/** Returns why an engine could read the pattern differently; `undefined` if none does. */
export function patternProblem(pattern) {
  if (pattern === '') return 'is empty';
  if (/[^\x20-\x7e]/.test(pattern)) return 'has a character outside ASCII, which PHP and Ruby may read as bytes';
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
    if (token === '|' && depth === 0 && isAnchored) return 'has a `|` outside parentheses, which Java and Python, which match whole texts or their start, read differently';
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
  if (inside === '^') return `has \`${set}\`, a set without characters`;
  if (/&&|--|~~|\|\|/.test(inside)) return `has \`${set}\`, which is an operation on sets in Ruby and .NET`;
  return [...inside.matchAll(/\\(?:x[0-9a-fA-F]{2}|.)/g)].map(([text]) => escapeProblem(text))
    .find(Boolean);
}

function tokenProblem(token) {
  if (token === '(?') return 'has a group such as look-around, which Go and Rust do not support';
  if (token === '[' || token === ']') return `has an unescaped \`${token}\``;
  if (token === '^' || token === '$') return `has a \`${token}\` in the middle, which Ruby reads as the end of a line`;
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
    const message = `has \`${text}\`: PHP and Ruby read it as a byte, others as a character`;
    return parseInt(code, 16) < 0x80 ? undefined : message;
  }
  if (/^\\[.\\/*+?()[\]{}|^$-]$/.test(text) || /^\\[fnrt]$/.test(text)) return undefined;
  return `has \`${text}\`, which Python, Go, PHP and .NET read differently: list the characters`;
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
