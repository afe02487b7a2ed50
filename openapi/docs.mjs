// `npm run docs`: the contract as one HTML file that needs nothing from anywhere, build/index.html.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const page = join(here, 'build', 'index.html');

const run = spawnSync(process.execPath, [join(here, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js'), 'build-docs', 'workspace',
  '--inlineBundle', '--template', 'page.hbs', '--output', page], { cwd: here, stdio: 'inherit' });
if (run.status !== 0) process.exit(run.status ?? 1);

// Redoc has no setting for the logo at its foot, which it loads from its maker's server: its name will do.
let html = readFileSync(page, 'utf8');
for (const [passage, by] of [[/https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini[a-z-]*\.svg/g, 'data:,'], [/API docs by(?=[`<])/g, 'API docs by Redoc']]) {
  if (!html.match(passage)) throw new Error(`Redoc has moved its logo: ${passage} is not on the page any more.`);
  html = html.replace(passage, by);
}
writeFileSync(page, html);
