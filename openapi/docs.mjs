// `npm run docs`: builds build/index.html, the contract as one HTML file that loads nothing.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const redocly = join(here, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');
const page = join(here, 'build', 'index.html');

const run = spawnSync(process.execPath, [
  redocly, 'build-docs', 'workspace', '--inlineBundle', '--template', 'page.hbs', '--output', page,
], { cwd: here, stdio: 'inherit' });
if (run.status !== 0) process.exit(run.status ?? 1);

// Redoc loads the logo in its footer from a server and has no setting for it. Name Redoc instead.
const replacements = [
  [/https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini[a-z-]*\.svg/g, 'data:,'],
  [/API docs by(?=[`<])/g, 'API docs by Redoc'],
];
let html = readFileSync(page, 'utf8');
for (const [pattern, replacement] of replacements) {
  if (!html.match(pattern)) throw new Error(`Redoc's footer changed: no ${pattern} on the page.`);
  html = html.replace(pattern, replacement);
}
writeFileSync(page, html);
