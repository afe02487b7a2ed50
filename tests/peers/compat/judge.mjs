// `judge.mjs write FOLDER` writes the changed contracts and the generators' configurations, and
// `judge.mjs judge FOLDER` compares what was generated with the ratings.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { differences } from '../../../openapi/rules/compatibility.mjs';
import { changed, changesIn, home } from '../../../openapi/tests/contract.mjs';

const yaml = createRequire(join(home, 'package.json'))('yaml');

const [command, folder] = process.argv.slice(2);
const ratings = { breaking: changesIn('breaking.diff'), harmless: changesIn('harmless.diff') };
const contracts = [
  { name: 'no change', expected: 'harmless', text: changed('') },
  ...Object.entries(ratings).flatMap(([expected, changes]) => Object.entries(changes)
    .map(([name, change]) => ({ name, expected, text: changed(change) }))),
];

function write() {
  mkdirSync(join(folder, 'configurations'), { recursive: true });
  contracts.forEach(({ text }, i) => {
    const inputSpec = join(folder, `${i}.yaml`);
    writeFileSync(inputSpec, text);
    // Of C# and Swift, only what comes from the contract as it is: declarations.py parses it.
    for (const generatorName of [...Object.keys(languages), ...i === 0 ? ['csharp', 'swift6'] : []]) {
      writeFileSync(join(folder, 'configurations', `${generatorName}-${i}.yaml`), yaml.stringify({
        inputSpec,
        generatorName,
        outputDir: join(folder, `${generatorName}-${i}`),
        skipValidateSpec: true,
        globalProperties: {
          models: '', apis: '', modelDocs: false, apiDocs: false, modelTests: false, apiTests: false,
        },
      }));
    }
  });
}

/** Returns the text of all source files with this extension. */
function sources(root, extension) {
  return readdirSync(root, { recursive: true })
    .filter((name) => name.endsWith(extension))
    .map((name) => readFileSync(join(root, name), 'utf8'));
}

/**
 * What programs use of a generated client, by name: a text that must not change, or a list that may
 * only grow at its end, by members with a default.
 */
const languages = {
  * kotlin(root) {
    for (const source of sources(root, '.kt')) {
      const owner = /^(?:data |open )?class (\w+)/m.exec(source)?.[1];
      const members = /^data class \w+ \(\n([\s\S]*?)\n\) *[{\n]/m.exec(source)?.[1];
      if (members) yield [owner, [...members.matchAll(/^ {4}va[lr] (.+?),?$/gm)].map(([, member]) => member)];
      for (const [, name, values] of source.matchAll(/enum class (\w+).*\{\n([\s\S]*?);\n/g)) {
        yield [`${owner}.${name}`, [...values.matchAll(/(\w+)\(.*\)/g)].map(([value]) => `${value} =`)];
      }
      // The other functions of an operation, `…RequestConfig` and `…WithHttpInfo`, are what the first
      // calls: they have no defaults.
      const functions = source.matchAll(/^ {4}(?:suspend )?fun (\w+)\((.*)\) : (.+) \{$/gm);
      for (const [, name, parameters, result] of functions) {
        if (/RequestConfig$|WithHttpInfo$/.test(name)) continue;
        yield [`${owner}.${name}`, parameters.split(', ').filter((parameter) => parameter !== '')];
        yield [`the result of ${owner}.${name}`, result];
      }
    }
  },

  * go(root) {
    for (const source of sources(root, '.go')) {
      for (const [text, name] of source.matchAll(/^func (?:\(\w+ \*?\w+\) )?([A-Z]\w*)\(.*\{$/gm)) {
        yield [text.split(`${name}(`)[0] + name, text];
      }
      for (const [, owner, fields] of source.matchAll(/^type ([A-Z]\w*) struct \{\n([\s\S]*?)\n\}/gm)) {
        for (const [, name, type] of fields.matchAll(/^\t([A-Z]\w*) +(.+)$/gm)) {
          yield [`${owner}.${name}`, type.trim()];
        }
      }
    }
  },

  * rust(root) {
    for (const source of sources(root, '.rs')) {
      for (const [text, name] of source.matchAll(/^pub (?:async )?fn (\w+)\(.*\{$/gm)) yield [name, text];
      for (const [, owner, members] of source.matchAll(/^pub (?:struct|enum) (\w+) \{\n([\s\S]*?)\n\}/gm)) {
        for (const [, name, type] of members.matchAll(/^ {4}(?:pub )?((?:r#)?\w+)(.*),$/gm)) yield [`${owner}.${name}`, type];
      }
    }
  },
};

/** Returns what a program loses between two generated clients. */
function losses(before, after) {
  return [...before].flatMap(([name, old]) => {
    const now = after.get(name);
    if (now === undefined) return [`${name} is gone`];
    if (!Array.isArray(old)) return old === now ? [] : [`${name}: ${old} -> ${now}`];
    const isKept = old.every((member, i) => member === now[i])
      && now.slice(old.length).every((member) => member.includes(' ='));
    return isKept ? [] : [`${name}: (${old.join(', ')}) -> (${now.join(', ')})`];
  });
}

function judge() {
  const original = yaml.parse(contracts[0].text);
  const surface = (language, i) => new Map(languages[language](join(folder, `${language}-${i}`)));
  const before = Object.fromEntries(Object.keys(languages).map((name) => [name, surface(name, 0)]));
  let [seen, wrong] = [0, 0];
  contracts.forEach(({ name, text }, i) => {
    const rating = differences(original, yaml.parse(text)).some(({ impact }) => impact === 'major')
      ? 'breaking' : 'harmless';
    const lost = Object.keys(languages)
      .flatMap((language) => losses(before[language], surface(language, i)).map((loss) => `${language}: ${loss}`));
    if (lost.length > 0) seen += 1;
    if (lost.length > 0 && rating === 'harmless') {
      wrong += 1;
      console.error(`rated as harmless, but generated clients break: ${name}\n  ${lost.join('\n  ')}`);
    }
    if (process.env.VERBOSE) console.error(`${rating}, ${lost.length} losses: ${name} ${lost[0] ?? ''}`);
  });
  const total = [...before.kotlin, ...before.go].length;
  if (total < 100 || seen < contracts.length / 4) {
    throw new Error(`only ${total} declarations and ${seen} changes were recognised in generated code`);
  }
  console.log(`${contracts.length - 1} changes, ${seen} break generated clients, ${wrong} of them rated as harmless`);
  process.exitCode = wrong > 0 ? 1 : 0;
}

({ write, judge })[command]();
