import { type BusRole, busRights } from '@lifeverse/contracts';

export const busRoles = ['backend', 'zone', 'gateway', 'supervisor'] as const satisfies readonly BusRole[];

/** A bundle of a tick in which everything is keyed, for one gateway, fits. */
export const PAYLOAD_BYTES_MAX = 8 * 1024 * 1024;

export interface NatsSettings {
  /** Stands before every subject. */
  readonly prefix: string;
  readonly passwords: Readonly<Record<BusRole, string>>;
}

/** The settings of a NATS server on this machine, where each role may do what is its own and nothing else. */
export function natsSettings({ prefix, passwords }: NatsSettings): string {
  const under = (subjects: readonly string[]) => subjects.map((subject) => `${prefix}.${subject}`);
  const only = (subjects: readonly string[]) => (subjects.length === 0 ? { deny: ['>'] } : { allow: under(subjects) });
  const users = busRoles.map((role) => {
    const { publish, subscribe } = busRights(role);
    const permissions = { publish: only(publish), subscribe: only(subscribe) };
    return { user: role, password: passwords[role], permissions };
  });
  return `${JSON.stringify({ max_payload: PAYLOAD_BYTES_MAX, authorization: { users } }, null, 2)}\n`;
}
