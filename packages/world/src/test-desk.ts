import {
  type CheckpointRecord,
  type DeskOutcome,
  type DeskRequest,
  decodeCheckpoints,
  decodeDeskRequest,
  decodeLoad,
  decodePresence,
  encodeDeskAnswer,
  encodeStored,
  encodeVerdicts,
  type PresenceChange,
  type StoredCharacter,
  type Verdict,
} from '@lifeverse/contracts';
import type { TestZone } from './test-zone.ts';

/** The far end of a zone's way to what lasts: keeps what it is asked, and answers what the test tells it to. */
export class TestDesk {
  readonly requests: DeskRequest[] = [];
  /** What is kept; everybody is known. */
  readonly kept = new Map<string, CheckpointRecord>();
  /** Answers by itself, at once. */
  answers = true;
  replaced = 0;
  #zone: TestZone | undefined;

  ports(zone: TestZone): { toDesk(bytes: Uint8Array): void; replaced(): void } {
    this.#zone = zone;
    return {
      toDesk: (bytes) => this.#take(decodeDeskRequest(bytes.slice()) as DeskRequest),
      replaced: () => {
        this.replaced++;
      },
    };
  }

  #take(request: DeskRequest): void {
    this.requests.push(request);
    // As on a bus: never from within the call of the one who asks.
    if (this.answers) this.#later.push(() => this.answer(request));
  }

  readonly #later: (() => void)[] = [];

  /** Delivers the answers that have gathered. */
  deliver(): void {
    for (let next = this.#later.shift(); next !== undefined; next = this.#later.shift()) next();
  }

  of(kind: DeskRequest['kind']): DeskRequest[] {
    return this.requests.filter((request) => request.kind === kind);
  }

  /** Ids that were asked for. */
  loads(): (string | undefined)[] {
    return this.of('load').map(({ body }) => decodeLoad(body));
  }

  checkpoints(): CheckpointRecord[] {
    return this.of('checkpoint').flatMap(({ body }) => decodeCheckpoints(body) ?? []);
  }

  presence(): PresenceChange[] {
    return this.of('presence').flatMap(({ body }) => decodePresence(body) ?? []);
  }

  /** The outcome that a well-meaning desk has for a request. */
  outcome(request: DeskRequest, verdict: Verdict = 'saved'): DeskOutcome {
    if (request.kind === 'presence') return { kind: 'done', body: new Uint8Array(0) };
    if (request.kind === 'load') {
      const checkpoint = this.kept.get(decodeLoad(request.body) as string) ?? null;
      const stored: StoredCharacter = {
        incarnation: checkpoint?.incarnation ?? 0,
        handovers: checkpoint?.handovers ?? 0,
        zone: null,
        checkpoint,
      };
      return { kind: 'done', body: encodeStored(stored) };
    }
    const records = decodeCheckpoints(request.body) as CheckpointRecord[];
    if (verdict === 'saved') for (const record of records) this.kept.set(record.character, record);
    return { kind: 'done', body: encodeVerdicts(records.map(() => verdict)) };
  }

  answer(request: DeskRequest, outcome: DeskOutcome = this.outcome(request)): void {
    const { zone, epoch, number } = request;
    const bytes = encodeDeskAnswer({ zone, epoch, number, outcome });
    this.#zone?.zone.desk(bytes, this.#zone.nowMs);
  }
}
