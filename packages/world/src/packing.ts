import type { HandoverContext } from './handover-context.ts';
import { encodeTraveller, type Traveller, type TravellingAvatar } from './handover-state.ts';
import type { Avatar } from './sessions.ts';

/** What goes with an entity besides what is in the zone's columns. */
export interface Luggage {
  /** What lies there as this entity, by its number in the journal. */
  readonly item: number | null;
  readonly avatar: Pick<TravellingAvatar, 'inputs' | 'dealer' | 'unknownKept'> | null;
}

/** An entity at the end of a tick, with everything that its next owner needs. */
export function pack(
  context: HandoverContext,
  row: number,
  tick: number,
  avatar: Avatar | undefined,
  luggage: Luggage,
): Traveller {
  const { store, history, replayTicks } = context;
  const id = store.id[row] as number;
  return {
    id,
    generation: (store.generation[row] as number) + 1,
    kind: store.kinds[store.kind[row] as number] as string,
    audience: store.audience[row] as number,
    tick,
    at: { x: store.x[row] as number, y: store.y[row] as number },
    // As far back as a late input may reach: who took over knows more.
    past: avatar === undefined ? [] : history.before(row, Math.max(avatar.sealedTick, tick - replayTicks - 1)),
    components: context.components.encode(store, row),
    held: store.held[row] ?? null,
    memory: store.memory[row] ?? null,
    avatar:
      avatar === undefined || luggage.avatar === null
        ? null
        : {
            ...avatar,
            applied: avatar.inputs.applied,
            appliedTick: avatar.inputs.appliedTick,
            ...luggage.avatar,
          },
    item: luggage.item,
    unknown: context.unknown.get(id) ?? new Uint8Array(0),
  };
}

/** As bytes. Rules may keep anything as memory; only what JSON can say goes along. */
export function packed(context: HandoverContext, traveller: Traveller): Uint8Array {
  try {
    return encodeTraveller(traveller);
  } catch (error) {
    context.fault('handover: memory', error);
    return encodeTraveller({ ...traveller, memory: null });
  }
}
