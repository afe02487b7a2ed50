// The examples of README.md are correct: the signature, the commands of the generators, the bodies.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { contract, home } from './contract.mjs';

const readme = readFileSync(join(home, 'README.md'), 'utf8');
const [canonicalRequest, stringToSign, headers] = codeBlocks('text');
const signing = codeBlocks('sh').find((block) => block.includes('sign.sh'));

function codeBlocks(language) {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)\\n\`\`\`$`, 'gms');
  return [...readme.matchAll(pattern)].map((match) => match[1]);
}

test('the script prints the stages and headers of the worked example', () => {
  const options = { cwd: home, encoding: 'utf8' };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', signing], options);
  assert.equal(status, 0, stderr);
  const signature = /Signature=(\w+)/.exec(headers)[1];
  assert.equal(stderr, `${canonicalRequest}\n\n${stringToSign}\n\n${signature}\n`);
  assert.equal(stdout, `${headers}\n`);
});

test('the hashes and the signature of the worked example are correct', () => {
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const body = /^body='(.*)'$/m.exec(signing)[1];
  assert.equal(canonicalRequest.split('\n').at(-1), sha256(body));
  assert.equal(stringToSign.split('\n').at(-1), sha256(canonicalRequest));
  const secret = /HUAWEICLOUD_SDK_SK=(\S+)/.exec(signing)[1];
  const signature = createHmac('sha256', secret).update(stringToSign).digest('hex');
  assert.ok(headers.endsWith(`Signature=${signature}`));
});

const keys = { HUAWEICLOUD_SDK_AK: 'SANDBOXACCESSKEY', HUAWEICLOUD_SDK_SK: 'sandbox-secret-key' };
const unsignable = {
  'a path that needs encoding': { path: '/v2/a b', problem: /percent-encoding/ },
  'a missing access key': { env: { HUAWEICLOUD_SDK_AK: '' }, problem: /HUAWEICLOUD_SDK_AK is not/ },
  'a missing secret key': { env: { HUAWEICLOUD_SDK_SK: '' }, problem: /HUAWEICLOUD_SDK_SK is not/ },
  'a missing openssl': { env: { PATH: '/nowhere' }, problem: /openssl is missing/ },
};

for (const [cause, { path = '/v2/a', env = {}, problem }] of Object.entries(unsignable)) {
  test(`the script prints no headers with ${cause}`, () => {
    const args = ['sign.sh', 'GET', 'host', path];
    const options = { cwd: home, encoding: 'utf8', env: { ...process.env, ...keys, ...env } };
    const { status, stdout, stderr } = spawnSync('/bin/sh', args, options);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, problem);
  });
}

test('the peers run every command that generates a client, with the same versions', () => {
  const clients = join(home, '..', 'tests', 'peers', 'clients');
  const lines = readdirSync(clients)
    .map((name) => join(clients, name, 'run'))
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  const commands = codeBlocks('sh').filter((block) => block.includes('workspace.yaml'));
  assert.equal(commands.length, 8);
  for (const command of commands) {
    const isRun = lines.some((line) => line.replace(/ > .*/, '') === command);
    assert.ok(isRun, `no peer runs: ${command}`);
  }

  const requirements = readFileSync(join(clients, 'requirements.txt'), 'utf8');
  const npmPackage = ['clients/typescript', 'javascript']
    .map((peer) => readFileSync(join(clients, '..', peer, 'package.json'), 'utf8')).join();
  for (const [, name, version] of readme.matchAll(/(openapi-[a-z-]+)(?:==|@)([0-9.]+)/g)) {
    const isPinned = requirements.includes(`${name}==${version}`)
      || npmPackage.includes(`"${name}": "${version}"`);
    assert.ok(isPinned, `the peers use another version of ${name} than ${version}`);
  }
});

test('the bodies have only properties of the contract', () => {
  for (const name of codeBlocks('json').flatMap((block) => propertiesIn(JSON.parse(block)))) {
    assert.match(contract, new RegExp(`^ {8}${name}:$`, 'm'));
  }
});

/** Returns the names of all properties in a JSON value. */
function propertiesIn(value) {
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return [...names, ...Object.values(value).flatMap(propertiesIn)];
}

test('every relative link leads to a file', () => {
  for (const file of ['README.md', 'CHANGELOG.md']) {
    const text = readFileSync(join(home, file), 'utf8');
    for (const [, target] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(home, target)), `${file}: ${target}`);
    }
  }
});
