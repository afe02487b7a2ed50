// The examples of README.md are correct: the signature, the commands of the generators, the bodies.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

test('the worked example of README.md has the stages and headers that the script prints', () => {
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

/** Signs with sign.sh; `openssl` is a script in place of the program. */
function sign(t, { args = ['GET', 'host', '/v2/a'], env = {}, openssl }) {
  let { PATH } = process.env;
  if (openssl) {
    const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'openssl'), `#!/bin/sh\n${openssl}\n`, { mode: 0o755 });
    PATH = `${folder}:${PATH}`;
  }
  const options = { cwd: home, encoding: 'utf8', env: { PATH, ...keys, ...env } };
  return spawnSync('/bin/sh', ['sign.sh', ...args], options);
}

const unsignable = {
  'a path that needs encoding': { args: ['GET', 'host', '/v2/a b'], problem: /percent-encoding/ },
  'a query': { args: ['GET', 'host', '/v2/a?limit=1'], problem: /a query/ },
  'a path that clients change': { args: ['GET', 'host', '/v2/../a'], problem: /another path/ },
  'a path without a slash': { args: ['GET', 'host', 'v2/a'], problem: /begin with a slash/ },
  'a missing path': { args: ['GET', 'host'], problem: /got 2 arguments/ },
  'a body in several arguments': { args: ['POST', 'host', '/a', '{', '}'], problem: /got 5 arguments/ },
  'a method in small letters': { args: ['get', 'host', '/a'], problem: /capital letters/ },
  'a host with a scheme': { args: ['GET', 'https://host', '/a'], problem: /without https/ },
  'an empty host': { args: ['GET', '', '/a'], problem: /the host must/ },
  'a missing access key': { env: { HUAWEICLOUD_SDK_AK: '' }, problem: /HUAWEICLOUD_SDK_AK is not/ },
  'a missing secret key': { env: { HUAWEICLOUD_SDK_SK: '' }, problem: /HUAWEICLOUD_SDK_SK is not/ },
  'a secret key with a line end': { env: { HUAWEICLOUD_SDK_SK: 'key\r' }, problem: /_SK has a space/ },
  'an access key with a header': { env: { HUAWEICLOUD_SDK_AK: 'a\nX: b' }, problem: /_AK has a space/ },
  'a security token with a space': {
    env: { HUAWEICLOUD_SDK_SECURITY_TOKEN: 'a b' }, problem: /_SECURITY_TOKEN has a space/,
  },
  'another form of the date': { env: { X_SDK_DATE: '2026-03-10T12:02:11Z' }, problem: /the form 2026/ },
  'a missing openssl': { env: { PATH: '/nowhere' }, problem: /openssl is missing/ },
  'an openssl that fails': { openssl: 'exit 1', problem: /no SHA-256/ },
  'an openssl that prints another hash': { openssl: 'echo d41d8cd98f00b204e9800998ecf8427e', problem: /no SHA-256/ },
  'an openssl that prints another form': { openssl: 'printf "SHA2-256(stdin)= %064d" 7', problem: /no SHA-256/ },
};

for (const [cause, { problem, ...setup }] of Object.entries(unsignable)) {
  test(`the script prints no headers with ${cause}`, (t) => {
    const { status, stdout, stderr } = sign(t, setup);
    assert.deepEqual([status, stdout], [2, ''], stderr);
    assert.match(stderr, problem);
  });
}

test('the script signs with keys of every length and character', (t) => {
  const visible = String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 33 + i));
  for (const secret of [visible, visible.slice(0, 64), visible.slice(30), '%', '\\0']) {
    const env = { HUAWEICLOUD_SDK_SK: secret, X_SDK_DATE: '20260310T120211Z', EXPLAIN: '1' };
    const { stdout, stderr } = sign(t, { env });
    const signed = stderr.split('\n\n').at(-2);
    const signature = createHmac('sha256', secret).update(signed).digest('hex');
    assert.ok(stdout.endsWith(`Signature=${signature}\n`), secret);
  }
});

test('the script does not add a second slash to the path that it signs', (t) => {
  const { stderr } = sign(t, { args: ['GET', 'host', '/v2/a/'], env: { EXPLAIN: '1' } });
  assert.ok(stderr.startsWith('GET\n/v2/a/\n'), stderr);
});

test('the secret key is in no argument of a program', (t) => {
  const openssl = 'case "$*" in *sandbox-secret*) echo "$*" >&2; exit 1 ;; esac\nexec "$OPENSSL" "$@"';
  const found = spawnSync('sh', ['-c', 'command -v openssl'], { encoding: 'utf8' }).stdout.trim();
  const { status, stderr } = sign(t, { openssl, env: { OPENSSL: found } });
  assert.equal(status, 0, stderr);
});

test('the peers run the commands of every sample, with the same versions of the generators', () => {
  const clients = join(home, '..', 'tests', 'peers', 'clients');
  const peers = readdirSync(clients)
    .map((name) => join(clients, name, 'run'))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
  for (const sample of readdirSync(join(home, 'samples'))) {
    assert.ok(readme.includes(`([sample](samples/${sample}))`), `README.md has no commands for ${sample}`);
    assert.ok(peers.some((peer) => peer.includes(`\npaste ${sample}\n`)), `no peer runs ${sample}`);
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
