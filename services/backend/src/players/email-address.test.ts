import { describe, expect, it } from 'vitest';
import { emailAddress } from './email-address.ts';

describe('an e-mail address', () => {
  it.each([
    ['Ada@Example.ORG', 'ada@example.org'],
    ['  ada@example.org\t', 'ada@example.org'],
    ['ada.l+game@example.org', 'ada.l+game@example.org'],
    ['ａｄａ@ｅｘａｍｐｌｅ.org', 'ada@example.org'],
    ['ju\u0308rgen@bücher.example', 'jürgen@xn--bcher-kva.example'],
    ['ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
    [`o'brien@example.org`, `o'brien@example.org`],
  ])('%j is known as %j', (given, known) => {
    expect(emailAddress(given)).toBe(known);
    expect(emailAddress(known)).toBe(known);
  });

  it.each([
    '',
    '@',
    'ada',
    'ada@',
    '@example.org',
    'ada@localhost',
    'ada@[127.0.0.1]',
    'ada@example..org',
    'ada@-example.org',
    '.ada@example.org',
    'ada.@example.org',
    'a..da@example.org',
    'a da@example.org',
    'ada@exa mple.org',
    'a@b@example.org',
    'ada\u0000@example.org',
    'ada\u200b@example.org',
    'ada\ud800@example.org',
    '"ada"@example.org',
    'Ada <ada@example.org>',
    `${'a'.repeat(65)}@example.org`,
    `ada@${'a'.repeat(250)}.org`,
    `ada@${'a'.repeat(64)}.org`,
    `${'ä'.repeat(33)}@example.org`,
    'x'.repeat(1 << 20),
  ])('%j is none', (given) => {
    expect(emailAddress(given)).toBeUndefined();
  });
});
