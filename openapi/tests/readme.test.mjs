// What README.md shows is what happens: the signature, the commands of the generators, the examples of answers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { contract, home } from './contract.mjs';

const readme = readFileSync(join(home, 'README.md'), 'utf8');
const blocks = (language) => [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)\\n\`\`\`$`, 'gms'))].map((match) => match[1]);
const [canonicalRequest, stringToSign, headers] = blocks('text');
const signing = blocks('sh').find((block) => block.includes('sign.sh'));

test('the script signs as the worked example says', () => {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', signing], { cwd: home, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const signature = /Signature=(\w+)/.exec(headers)[1];
  assert.equal(stderr, `${canonicalRequest}\n\n${stringToSign}\n\n${signature}\n`);
  assert.equal(stdout, `${headers}\n`);
});

test('the worked example adds up', () => {
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const body = /^body='(.*)'$/m.exec(signing)[1];
  assert.equal(canonicalRequest.split('\n').at(-1), sha256(body));
  assert.equal(stringToSign.split('\n').at(-1), sha256(canonicalRequest));
  const secret = /HUAWEICLOUD_SDK_SK=(\S+)/.exec(signing)[1];
  assert.ok(headers.endsWith(`Signature=${createHmac('sha256', secret).update(stringToSign).digest('hex')}`));
});

test('a path that must be encoded is refused, not signed wrongly', () => {
  const { status, stderr } = spawnSync('sh', ['sign.sh', 'GET', 'host', '/v2/a b', ''], { cwd: home, encoding: 'utf8' });
  assert.equal(status, 2);
  assert.match(stderr, /percent-encode/);
});

test('every command that generates a client is one that the peers run', () => {
  const clients = join(home, '..', 'tests', 'peers', 'clients');
  const runs = readdirSync(clients).map((name) => join(clients, name, 'run')).filter((file) => existsSync(file));
  const scripts = runs.map((file) => readFileSync(file, 'utf8')).join('\n').split('\n');
  const commands = blocks('sh').filter((block) => block.includes('workspace.yaml'));
  assert.equal(commands.length, 6);
  for (const command of commands) {
    assert.ok(scripts.some((line) => line.replace(/ > .*/, '') === command), `no peer runs: ${command}`);
  }
  const pins = readFileSync(join(clients, 'requirements.txt'), 'utf8') + readFileSync(join(clients, 'typescript', 'package.json'), 'utf8');
  for (const [, name, version] of readme.matchAll(/(openapi-[a-z-]+)(?:==|@)([0-9.]+)/g)) {
    assert.ok(pins.includes(`${name}==${version}`) || pins.includes(`"${name}": "${version}"`), `${name} ${version} is not what the peers use`);
  }
});

test('the answers shown have only properties of the contract', () => {
  const names = (value) => (value && typeof value === 'object'
    ? Object.entries(value).flatMap(([name, child]) => [...(Array.isArray(value) ? [] : [name]), ...names(child)]) : []);
  for (const name of blocks('json').flatMap((block) => names(JSON.parse(block)))) {
    assert.match(contract, new RegExp(`^ {8}${name}:$`, 'm'));
  }
});

test('every link of this folder leads somewhere', () => {
  for (const file of ['README.md', 'CHANGELOG.md']) {
    for (const [, target] of readFileSync(join(home, file), 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(home, target)), `${file}: ${target}`);
    }
  }
});
