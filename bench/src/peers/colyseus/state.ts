import { schema, t } from '@colyseus/schema';

/** What others see of a player: positions as float32, which is what the documentation of Colyseus suggests. */
export const Walker = schema({ x: t.float32(), y: t.float32() }, 'Walker');
export type Walker = InstanceType<typeof Walker>;

/** Tenths of a millisecond since the room began, modulo 2^32: tells a client which moment a patch shows. */
export const TIME_STEPS_PER_MS = 10;

export const PlainState = schema(
  {
    time: t.uint32().default(0),
    /** By player number. Filtered: a client receives whom its view holds. */
    walkers: t.map(Walker).view(),
  },
  'PlainState',
);
export type PlainState = InstanceType<typeof PlainState>;

/** The one message of a client: a number, the step of its heading. */
export const HEADING_MESSAGE = 0;
