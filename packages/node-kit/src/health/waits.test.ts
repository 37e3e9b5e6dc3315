import { expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { type Wait, Waits } from './waits.ts';

function waitsWithLog() {
  const lines: { level: number; msg: string; reason?: string }[] = [];
  const log = createLog({ role: 'zone', level: 'info', stream: { write: (line) => lines.push(JSON.parse(line)) } });
  return { waits: new Waits(log), said: () => lines.map(({ msg, reason = '' }) => `${msg} (${reason})`) };
}

it('says what is not there once, again for another reason, and when it is there', () => {
  const { waits, said } = waitsWithLog();
  waits.end('nats');
  for (const why of ['refused', 'refused', 'no such host', 'refused']) waits.begin('nats', why);
  expect(waits.list()).toEqual([{ what: 'nats', why: 'refused' }]);
  waits.end('nats');
  waits.end('nats');
  waits.begin('nats', 'refused');
  const gone = 'NATS is not there: this role waits for it';
  expect(said()).toEqual([`${gone} (refused)`, `${gone} (no such host)`, 'NATS is there ()', `${gone} (refused)`]);
});

it('is over when nothing is waited for; what is looked at is not said', () => {
  const { waits, said } = waitsWithLog();
  let seen: Wait | null = { what: 'zone', why: 'silent' };
  waits.look(() => seen);
  waits.begin('time', 'unknown');
  expect(waits.list()).toEqual([
    { what: 'time', why: 'unknown' },
    { what: 'zone', why: 'silent' },
  ]);
  seen = null;
  waits.end('time');
  expect(waits.list()).toEqual([]);
  expect(said().join()).not.toContain('zone');
});
