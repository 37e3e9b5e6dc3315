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

  it('keeps the number of every code that was ever given out', () => {
    expect(errorCodes.map((code) => `${catalogue[code].close} ${code}`).sort()).toMatchInlineSnapshot(`
      [
        "4000 malformed_message",
        "4001 message_too_large",
        "4002 text_message",
        "4003 too_many_fragments",
        "4004 unexpected_message",
        "4005 version_unsupported",
        "4006 layout_unsupported",
        "4007 rate_exceeded",
        "4008 too_slow",
        "4009 join_timeout",
        "4010 idle_timeout",
        "4011 too_many_connections",
        "4012 origin_refused",
        "4020 ticket_invalid",
        "4021 ticket_expired",
        "4022 ticket_used",
        "4023 session_replaced",
        "4024 session_unknown",
        "4025 name_invalid",
        "4026 session_left",
        "4040 server_stopping",
        "4041 world_full",
        "4042 zone_unreachable",
        "4043 internal",
        "4060 input_replayed",
        "4061 input_future",
        "4063 input_gap",
        "4064 input_invalid",
        "4065 command_unknown",
        "4066 out_of_reach",
        "4067 target_unknown",
        "4068 command_refused",
      ]
    `);
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
