// `npm run docs`: builds build/index.html, the contract and its guide as one HTML file that loads nothing.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

const here = dirname(fileURLToPath(import.meta.url));
const build = join(here, 'build');
const page = join(build, 'index.html');
const text = readFileSync(join(here, 'workspace.yaml'), 'utf8');

/** The sections of README.md that a reader of the page needs. */
const GUIDE = [
  'Generate a client', 'Other tools', 'What is left to you', 'Authenticate', 'Failures', 'What is not confirmed',
  'Try it against the sandbox', 'Versions',
];

/** The samples, all of the unbinding, by the language that the page names and highlights. */
const SAMPLES = {
  'python.py': 'Python', 'typescript.ts': 'TypeScript', 'go.go': 'Go', 'Java.java': 'Java',
  'ruby.rb': 'Ruby', 'php.php': 'PHP', 'rust.rs': 'Rust',
};

/** Returns the guide with its headings at the level that the page lists in its menu. */
function guide() {
  const sections = readFileSync(join(here, 'README.md'), 'utf8').split(/^(?=#{2,3} )/m);
  return GUIDE.map((title) => {
    const section = sections.find((section) => section.replace(/^#+ /, '').startsWith(`${title}\n`));
    if (!section) throw new Error(`README.md has no section "${title}".`);
    return section.replace(/^#+ /, '# ')
      // A link to another file leads nowhere from the page.
      .replace(/\[([^\]]+)\]\((?!https:)[^)]*\)/g, '$1');
  }).join('\n');
}

/** Returns a call of the operation in the sandbox, with the operation's own examples. */
function curl(path, method, operation, components) {
  const parameters = (operation.parameters ?? [])
    .map((parameter) => parameter.$ref ? components.parameters[parameter.$ref.split('/').at(-1)] : parameter);
  const url = parameters.reduce((url, { name, example }) => url.replace(`{${name}}`, example), path);
  const body = operation.requestBody?.content['application/json'].example;
  const byDefault = body ? 'post' : 'get';
  return [
    `curl http://127.0.0.1:8437${url}`,
    ...method === byDefault ? [] : [`  --request ${method.toUpperCase()}`],
    "  --header 'X-Auth-Token: sandbox-token'",
    ...body ? ["  --header 'Content-Type: application/json'", `  --data '${JSON.stringify(body, null, 2)}'`] : [],
  ].join(' \\\n');
}

/** Returns the contract as the page shows it: with the guide, the operation ids and code samples. */
function contractOfPage() {
  const contract = parse(text);
  contract.info.description += `\n${guide()}`;
  for (const [path, methods] of Object.entries(contract.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const { operationId, externalDocs } = operation;
      const link = externalDocs ? ` [${externalDocs.description}](${externalDocs.url})` : '';
      operation.description += `\n\nOperation id: \`${operationId}\`.${link}`;
      const samples = [{ lang: 'Shell', label: 'curl', source: curl(path, method, operation, contract.components) }];
      if (operationId === 'BatchDetachInstances') {
        for (const [file, lang] of Object.entries(SAMPLES)) {
          samples.push({ lang, source: readFileSync(join(here, 'samples', file), 'utf8') });
        }
      }
      operation['x-codeSamples'] = samples;
    }
  }
  return contract;
}

const settings = {
  apis: { workspace: { root: 'page.yaml' } },
  telemetry: 'off',
  openapi: {
    showExtensions: [
      'x-huaweicloud-iam-action', 'x-huaweicloud-iam-dependencies', 'x-huaweicloud-iam-condition-keys',
    ],
    schemasExpansionLevel: 3,
    jsonSamplesExpandLevel: 'all',
    // Without this list, Redoc leaves out the languages for which it writes no samples itself.
    codeSamples: {
      languages: [{ lang: 'curl' }, ...Object.values(SAMPLES).map((lang) => ({ lang })), { lang: 'Payload' }],
    },
    hideSchemaTitles: false,
    downloadUrls: [
      { title: 'workspace.yaml', url: `data:application/yaml;base64,${Buffer.from(text).toString('base64')}` },
    ],
  },
};

mkdirSync(build, { recursive: true });
writeFileSync(join(build, 'page.yaml'), stringify(contractOfPage()));
writeFileSync(join(build, 'redocly.yaml'), stringify(settings));
const redocly = join(here, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');
const run = spawnSync(process.execPath, [
  redocly, 'build-docs', 'workspace', '--inlineBundle', '--template', join(here, 'page.hbs'), '--output', page,
], { cwd: build, stdio: 'inherit' });
if (run.status !== 0) process.exit(run.status ?? 1);

// Redoc has no settings for these. It loads the logo in its footer from a server: name Redoc instead.
const replacements = [
  [/https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini[a-z-]*\.svg/g, 'data:,'],
  [/API docs by(?=[`<])/g, 'API docs by Redoc'],
  // The names of methods, which have too little contrast.
  [/(--tag-color: ?)#25b869/g, '$1#127a42'],
  [/(--tag-color: ?)#1e65f5/g, '$1#1a56d6'],
  [/(--tag-color: ?)#e70b46/g, '$1#b30836'],
  [/(--tag-color: ?)#f5901d/g, '$1#8f4c00'],
  [/(--tag-color: ?)#f5c31d/g, '$1#7a5c00'],
];
let html = readFileSync(page, 'utf8');
for (const [pattern, replacement] of replacements) {
  if (!html.match(pattern)) throw new Error(`Redoc changed: no ${pattern} on the page.`);
  html = html.replace(pattern, replacement);
}
writeFileSync(page, html);
