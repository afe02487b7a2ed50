// The lint rule for patterns accepts what every engine reads alike, and names what one does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternProblem } from '../rules/patterns.mjs';

test('accepts patterns that every engine reads alike', () => {
  for (const pattern of [
    '^$', '^[a-z]{1,20}$', String.raw`^[^\x00-\x1f\x7f]*$`, '^(?:a|b)c?$', String.raw`^\.\$\[x\]$`,
    String.raw`^[\]\\-]+$`, '^(a|b){2,}$',
    'a', '^a', 'a$', 'a|b', '(ASC|DESC)', '^a$|^b$', '^[a||]$', '^.$',
  ]) {
    assert.equal(patternProblem(pattern), undefined, pattern);
  }
});

test('rejects patterns that an engine reads differently or not at all', () => {
  for (const pattern of [
    '^a$|b', '^a|^b', '^(a$)', '^a|b$', 'a|b$', '^(?=a)a$', '^(?<=a)b$', '^(?<n>a)$', '^(?i)a$', String.raw`^\d+$`,
    String.raw`^\s$`, String.raw`^[\w]$`, String.raw`^\p{Lu}$`, String.raw`^\u0041$`,
    String.raw`^\x80$`, String.raw`^(a)\1$`, '^a++$', '^a{2}+$', '^a{1001}$', '^[a[b]]$',
    '^[a&&b]$', '^a$b$', '^é$', '^[z-a]$', '^(a$', String.raw`^\Aa\z$`,
  ]) {
    assert.equal(typeof patternProblem(pattern), 'string', pattern);
  }
});
