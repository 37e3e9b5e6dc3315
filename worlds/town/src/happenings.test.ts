import { parseContent } from '@lifeverse/base';
import { describe, expect, it } from 'vitest';
import { announcementAt, events } from './happenings.ts';

const at = (hour: string) => `2027-05-01T${hour}:00Z`;
const event = (name: string, starts: string, ends: string) => ({
  name,
  starts: at(starts),
  ends: at(ends),
  announcement: `${name}!`,
});
const market = event('market', '08:00', '18:00');
const fireworks = event('fireworks', '17:30', '17:45');

describe('what is on in town', () => {
  it.each([
    ['07:59', ''],
    ['08:00', 'market!'],
    ['17:29', 'market!'],
    ['17:30', 'fireworks!'],
    ['17:45', 'market!'],
    ['18:00', ''],
  ])('at %s is told as "%s"', (time, told) => {
    expect(announcementAt([fireworks, market], Date.parse(at(time)))).toBe(told);
  });

  it.each([
    ['/0/ends', { ...market, ends: market.starts }],
    ['/0/ends', { ...market, ends: '2027-05-01' }],
    ['/0/starts', { ...market, starts: '0' }],
    ['/0/starts', { ...market, starts: '2027-13-01T00:00:00Z' }],
    ['/0/name', { ...market, name: ' ' }],
    ['/0/announcement', { ...market, announcement: '' }],
    ['/0/announcement', { ...market, announcement: 'x'.repeat(161) }],
    ['/0/other', { ...market, other: 1 }],
  ])('is refused at %s: %j', (where, wrong) => {
    const parsed = parseContent(events, [wrong]);
    expect(parsed.ok ? [] : parsed.faults.map((fault) => fault.at)).toContain(where);
  });
});
