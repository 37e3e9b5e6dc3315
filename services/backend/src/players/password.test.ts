import { describe, expect, it } from 'vitest';
import { fitPassword, typedPassword } from './password.ts';

const address = 'ada.lovelace@example.org';

describe('a password', () => {
  it.each(['correct horse', 'пароль-пароль', '😀😁😂🤣😃😄😅😆😉😊', 'a1b2'.repeat(32)])('%j will do', (given) => {
    expect(fitPassword(given, address)).toBe(given);
  });

  it.each([
    '',
    'too short',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    'Ada.Lovelace@Example.org',
    'ADA.LOVELACE',
    'a1b2'.repeat(33),
    'correct horse\ud800',
    'x'.repeat(1 << 20),
  ])('%j will not', (given) => {
    expect(fitPassword(given, address)).toBeUndefined();
  });

  it('is the same however its letters were composed', () => {
    expect(fitPassword('scho\u0308ne ferien', address)).toBe('schöne ferien');
    expect(typedPassword('ｃｏｒｒｅｃｔ　ｈｏｒｓｅ')).toBe('correct horse');
  });

  it('that is only compared may be any that was ever fit', () => {
    expect(typedPassword('short')).toBe('short');
    expect(typedPassword('\udfff')).toBeUndefined();
    expect(typedPassword('x'.repeat(1 << 20))).toBeUndefined();
  });
});
