import { describe, expect, it } from 'vitest';
import { errorReference } from './error-reference.ts';
import { catalogue, errorCodes, errorOfClose, isErrorCode, LifeverseError } from './errors.ts';

describe('[PR31] the error catalogue', () => {
  it('gives each code a close number of its own', () => {
    const numbers = errorCodes.map((code) => catalogue[code].close);
    expect(new Set(numbers).size).toBe(errorCodes.length);
    for (const code of errorCodes) expect(errorOfClose(catalogue[code].close)).toBe(code);
    expect([1_000, 1_006, 3_999, 4_999].map(errorOfClose)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('names codes in a way that labels, headers and close reasons can carry', () => {
    for (const code of errorCodes) expect(code).toMatch(/^[a-z][a-z_]{2,39}$/);
    expect(isErrorCode('too_slow')).toBe(true);
    expect(['toString', 'constructor', '__proto__', ''].filter(isErrorCode)).toEqual([]);
  });

  it('keeps the number of every code that was ever given out', async () => {
    const given = errorCodes.map((code) => `${catalogue[code].close} ${code}`).sort();
    await expect(`${given.join('\n')}\n`).toMatchFileSnapshot('error-numbers.txt');
  });

  it('says it to players in a sentence', () => {
    for (const code of errorCodes) expect(catalogue[code].message).toMatch(/^[A-Z].*\.$/);
  });

  it("never sends a client away for good when the fault is the server's", () => {
    const away = errorCodes.filter((code) => catalogue[code].retry === 'never');
    expect(away.filter((code) => ['server', 'operator'].includes(catalogue[code].fault))).toEqual([]);
  });
});

it('is what calls of the SDK reject with', () => {
  const error = new LifeverseError('world_full', 'try the other town');
  expect(error).toBeInstanceOf(Error);
  expect([error.name, error.code, error.retry]).toEqual(['LifeverseError', 'world_full', 'later']);
  expect(error.message).toBe('The world is full at the moment. (try the other town)');
  expect(new LifeverseError('world_full').message).toBe('The world is full at the moment.');
});

it('is described on its page, which is as fresh as the catalogue', async () => {
  await expect(errorReference()).toMatchFileSnapshot('../../../docs/reference/errors.md');
});
