// Lint rules for the text of the file: YAML that each parser reads alike, and no characters that an
// editor does not show.
import { LineCounter, isScalar, parseDocument, visit } from 'yaml';
import { AMBIGUOUS_SCALARS, EMOJI, INVISIBLE_CHARACTERS } from './shared.mjs';

const AMBIGUOUS = new RegExp(`^(?:${AMBIGUOUS_SCALARS.join('|')})$`, 'i');

/** Returns why parsers may read a node of the YAML differently. */
function problem(node) {
  if (node.tag) return 'has a tag. Write a plain value';
  if (isScalar(node) && node.type === 'PLAIN' && AMBIGUOUS.test(node.source)) {
    return `has \`${node.source}\`, which parsers of YAML 1.1 (Python, Ruby) and 1.2 (JavaScript) read `
      + 'differently. Quote it if it is text, or write `true`, `false` or a decimal number';
  }
  return undefined;
}

const portableYaml = () => ({
  Root(root, ctx) {
    const lineCounter = new LineCounter();
    const document = parseDocument(ctx.location.source.body, { lineCounter, logLevel: 'silent' });
    visit(document, {
      Node(_, node) {
        const found = problem(node);
        if (!found) return;
        const { line } = lineCounter.linePos(node.range[0]);
        ctx.report({ message: `line ${line} ${found}.`, location: ctx.location });
      },
    });
  },
});

const setOf = (ranges) => `[${ranges.map(([first, last]) => `\\u{${first}}-\\u{${last}}`).join('')}]`;
const INVISIBLE = new RegExp(setOf(INVISIBLE_CHARACTERS), 'u');
/** Selects how an emoji looks. */
const SELECTED_EMOJI = new RegExp(`(?<=${setOf(EMOJI)})[\\uFE0E\\uFE0F]`, 'gu');

/** Yields the path of each text and key, whether the path is that of a key, and the text. */
function* textsOf(node, path = []) {
  if (typeof node === 'string') yield [path, false, node];
  if (typeof node !== 'object' || node === null) return;
  for (const [key, child] of Object.entries(node)) {
    if (!Array.isArray(node)) yield [[...path, key], true, key];
    yield* textsOf(child, [...path, key]);
  }
}

const visibleCharacters = () => ({
  Root(root, ctx) {
    for (const [path, isKey, text] of textsOf(root)) {
      const found = INVISIBLE.exec(isKey ? text : text.replace(SELECTED_EMOJI, ''))?.[0];
      if (found === undefined) continue;
      const code = found.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
      const location = ctx.location.child(path);
      const message = `This text has the invisible character U+${code}. Remove it.`;
      ctx.report({ message, location: isKey ? location.key() : location });
    }
  },
});

export const sourceRules = { 'portable-yaml': portableYaml, 'visible-characters': visibleCharacters };
