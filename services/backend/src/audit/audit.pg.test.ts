import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../migrations.ts';
import { readAudit } from './read-audit.ts';
import { type Act, recordAct } from './record-act.ts';
import { verifyAudit } from './verify-audit.ts';

const { database } = await testDatabase();
await migrate(database, migrations);

const ROWS = 12;
const act = (n: number): Act => ({
  actor: `player:${n % 3}`,
  act: 'toggle.set',
  subject: `toggle:${n}`,
  reason: `because of "${n}"`,
  detail: { n, nested: { b: [null, true, 'x'], a: 0.5 } },
});
const record = (n: number): Promise<bigint> => database.transaction((sql) => recordAct(sql, act(n)));
/** As somebody who owns the database, and who can do what triggers and keys forbid. */
async function tamper(text: string, values: readonly (string | bigint | number)[] = []): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query('SET LOCAL session_replication_role = replica');
    await sql.query(text, values);
  });
}

beforeEach(async () => {
  await tamper('DELETE FROM audit');
  await tamper(`UPDATE audit_head SET number = 0, hash = decode(repeat('00', 32), 'hex')`);
  for (let n = 1; n <= ROWS; n++) await record(n);
});

const fault = async (expected: string[] = []) => {
  const verdict = await verifyAudit(database, expected);
  return verdict.ok ? null : { row: Number(verdict.row), fault: verdict.fault };
};

describe('an audit', () => {
  it('holds when nobody touched it, also when it is empty', async () => {
    const [head] = await database.query<{ hash: Uint8Array }>('SELECT hash FROM audit_head');
    expect(await verifyAudit(database)).toEqual({
      ok: true,
      head: { number: BigInt(ROWS), hash: Buffer.from(head?.hash ?? []).toString('hex') },
    });
    await tamper('DELETE FROM audit');
    await tamper(`UPDATE audit_head SET number = 0, hash = decode(repeat('00', 32), 'hex')`);
    expect(await verifyAudit(database)).toEqual({ ok: true, head: { number: 0n, hash: '00'.repeat(32) } });
  });

  it('is numbered without gaps by any number of writers, some of whom give up', async () => {
    const writers = Array.from({ length: 40 }, (_, n) =>
      database.transaction(async (sql) => {
        await recordAct(sql, act(n));
        if (n % 4 === 0) throw new Error('no');
      }),
    );
    await Promise.allSettled(writers);
    expect(await verifyAudit(database)).toMatchObject({ ok: true, head: { number: BigInt(ROWS + 30) } });
    const times = await database.query<{ sorted: boolean }>(
      'SELECT at >= lag(at) OVER (ORDER BY number) AS sorted FROM audit ORDER BY number OFFSET 1',
    );
    expect(times.every(({ sorted }) => sorted)).toBe(true);
  });

  it('is read in pages of any number of rows', async () => {
    await database.transaction(async (sql) => {
      for (let n = 0; n < 2_100; n++) await recordAct(sql, { ...act(n), detail: { n } });
    });
    expect(await verifyAudit(database)).toMatchObject({ ok: true, head: { number: BigInt(ROWS + 2_100) } });
    await tamper(`UPDATE audit SET reason = 'x' WHERE number = 2050`);
    expect(await fault()).toEqual({ row: 2_050, fault: 'edited' });
  });

  it('cannot be changed by who does not own the database', async () => {
    for (const text of [
      `UPDATE audit SET reason = ''`,
      'DELETE FROM audit',
      'TRUNCATE audit',
      'DELETE FROM audit_head',
    ])
      await expect(database.query(text)).rejects.toThrow('audit rows are kept as they are');
  });

  it.each([
    ['an unpaired surrogate', { reason: 'a\ud800' }],
    ['a NUL', { subject: 'a\0b' }],
    ['a reason of 1 MB', { reason: 'x'.repeat(1_000_000) }],
    ['detail beyond its bound', { detail: { x: 'ä'.repeat(10_000) } }],
    ['detail that is no JSON', { detail: { x: Number.POSITIVE_INFINITY } }],
    ['a surrogate in the detail', { detail: { 'x\udc00': 1 } }],
  ])('takes no row with %s', async (_, wrong) => {
    await expect(database.transaction((sql) => recordAct(sql, { ...act(1), ...wrong }))).rejects.toThrow(TypeError);
    expect(await verifyAudit(database)).toMatchObject({ ok: true, head: { number: BigInt(ROWS) } });
  });

  it('keeps SQL, quotes and odd names as they are', async () => {
    const detail = JSON.parse(`{"__proto__": "'; DROP TABLE audit; --", "n": 1e300, "é": "\\u2028"}`);
    await database.transaction((sql) =>
      recordAct(sql, { ...act(1), subject: `'); DELETE FROM audit; --`, reason: '$1 \\ "', detail }),
    );
    expect(await verifyAudit(database)).toMatchObject({ ok: true });
    const [row] = (await readAudit(database, { limit: 1 })).rows;
    expect(row).toMatchObject({ subject: `'); DELETE FROM audit; --`, reason: '$1 \\ "' });
    expect(JSON.stringify(row?.detail)).toBe(`{"__proto__":"'; DROP TABLE audit; --","n":1e+300,"é":"\u2028"}`);
  });
});

describe('verifying finds', () => {
  const columns = ['at', 'actor', 'act', 'subject', 'reason', 'detail', 'previous_hash', 'hash'] as const;
  const changed: Record<(typeof columns)[number], string> = {
    at: `at + interval '1 microsecond'`,
    actor: `actor || ' '`,
    act: 'upper(act)',
    subject: `left(subject, -1)`,
    reason: `replace(reason, 'because', 'before')`,
    detail: `replace(detail, 'true', 'false')`,
    previous_hash: 'sha256(previous_hash)',
    hash: 'set_byte(hash, 31, (get_byte(hash, 31) + 1) % 256)',
  };

  it('any column of any row that was edited', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: ROWS }), fc.constantFrom(...columns), async (row, column) => {
        await tamper('CREATE TABLE kept AS SELECT * FROM audit');
        await tamper(`UPDATE audit SET ${column} = ${changed[column]} WHERE number = $1`, [row]);
        expect(await fault()).toEqual({ row, fault: 'edited' });
        await tamper('DELETE FROM audit');
        await tamper('INSERT INTO audit SELECT * FROM kept');
        await tamper('DROP TABLE kept');
        expect(await fault()).toBeNull();
      }),
      { numRuns: 40 },
    );
  });

  it.each(columns)('an edited %s', async (column) => {
    await tamper(`UPDATE audit SET ${column} = ${changed[column]} WHERE number = 5`);
    expect(await fault()).toEqual({ row: 5, fault: 'edited' });
  });

  it.each([
    ['infinity', `'infinity'`],
    ['the same year before Christ', `(at::text || ' BC')::timestamptz`],
  ])('a time of %s', async (_, time) => {
    await tamper(`UPDATE audit SET at = ${time} WHERE number = 3`);
    expect(await fault()).toEqual({ row: 3, fault: 'edited' });
  });

  it('a number in the detail that JavaScript would round', async () => {
    await tamper(`UPDATE audit SET detail = replace(detail, '0.5', '0.50000000000000000000001') WHERE number = 7`);
    expect(await fault()).toEqual({ row: 7, fault: 'edited' });
  });

  it('what moved from one column to its neighbour', async () => {
    await tamper(`UPDATE audit SET actor = actor || left(act, 1), act = substr(act, 2) WHERE number = 7`);
    expect(await fault()).toEqual({ row: 7, fault: 'edited' });
  });

  it.each([1, 6, ROWS])('that row %i was removed', async (row) => {
    await tamper('DELETE FROM audit WHERE number = $1', [row]);
    expect(await fault()).toEqual({ row, fault: 'missing' });
  });

  it.each([1, 4, ROWS])('that everything from row %i on was cut', async (row) => {
    await tamper('DELETE FROM audit WHERE number >= $1', [row]);
    expect(await fault()).toEqual({ row, fault: 'missing' });
  });

  it('that the beginning was cut', async () => {
    await tamper('DELETE FROM audit WHERE number < 5');
    expect(await fault()).toEqual({ row: 1, fault: 'missing' });
  });

  it('that two rows changed places', async () => {
    await tamper('UPDATE audit SET number = -number WHERE number IN (4, 9)');
    await tamper('UPDATE audit SET number = CASE number WHEN -4 THEN 9 ELSE 4 END WHERE number < 0');
    expect(await fault()).toEqual({ row: 4, fault: 'edited' });
  });

  it.each([0, -3, ROWS + 1, ROWS + 5])('a row that was put in with number %i', async (number) => {
    await tamper(
      `INSERT INTO audit SELECT $1, at, actor, act, subject, reason, detail, previous_hash, hash FROM audit WHERE number = 3`,
      [number],
    );
    expect(await fault()).not.toBeNull();
  });

  it('a row that was put in twice, its key taken away', async () => {
    await tamper('ALTER TABLE audit DROP CONSTRAINT audit_pkey');
    await tamper('INSERT INTO audit SELECT * FROM audit WHERE number = 3');
    expect(await fault()).toEqual({ row: 3, fault: 'out of chain' });
    await tamper('DELETE FROM audit');
    await tamper('ALTER TABLE audit ADD PRIMARY KEY (number)');
  });

  it('a head that was moved, taken away, or set back with the end', async () => {
    await tamper('UPDATE audit_head SET number = number - 1');
    expect(await fault()).toEqual({ row: ROWS, fault: 'not the head' });
    await tamper('UPDATE audit_head SET number = number + 1, hash = sha256(hash)');
    expect(await fault()).toEqual({ row: ROWS, fault: 'not the head' });
    await tamper('DELETE FROM audit_head');
    expect(await fault()).toEqual({ row: ROWS, fault: 'not the head' });
    await expect(record(1)).rejects.toThrow('the audit has lost its head');
    await tamper(`INSERT INTO audit_head (number, hash) VALUES (0, decode(repeat('00', 32), 'hex'))`);
  });

  it('a chain that was written anew as a whole, by a hash noted before', async () => {
    const before = await verifyAudit(database);
    if (!before.ok) throw new Error('it does not hold');
    const noted = before.head.hash;
    for (let n = 0; n < 3; n++) await record(n);
    expect(await fault([noted])).toBeNull();
    expect(await fault([noted.toUpperCase()])).toBeNull();
    await tamper('DELETE FROM audit');
    await tamper(`UPDATE audit_head SET number = 0, hash = decode(repeat('00', 32), 'hex')`);
    for (let n = 1; n <= ROWS; n++) await record(n);
    expect(await fault()).toBeNull();
    expect(await fault([noted])).toEqual({ row: 1, fault: 'rewritten' });
  });
});

describe('reading', () => {
  it('gives the newest first, in pages, of everybody or of one', async () => {
    const first = await readAudit(database, { limit: 5 });
    expect(first.rows.map(({ number }) => number)).toEqual(['12', '11', '10', '9', '8']);
    expect(first.before).toBe('8');
    const rest = await readAudit(database, { limit: 50, before: '8' });
    expect([rest.rows.length, rest.before]).toEqual([7, null]);
    const one = await readAudit(database, { limit: 50, actor: 'player:1', subject: 'toggle:4' });
    expect(one.rows).toEqual([
      expect.objectContaining({ number: '4', actor: 'player:1', detail: act(4).detail, reason: 'because of "4"' }),
    ]);
  });
});
