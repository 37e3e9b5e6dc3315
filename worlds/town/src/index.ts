import {
  belongings,
  bool,
  choice,
  dealings,
  defineWorld,
  entityRef,
  heading,
  kept,
  owned,
  text,
  uint,
  vec2,
  type World,
  type WorldDefinition,
  walker,
} from '@lifeverse/definition';
import { ANNOUNCEMENT_BYTES, events } from './happenings.ts';
import { WARES } from './market.ts';
import { planTown, USUAL_AREA_M2 } from './plan.ts';

export { distanceToStall, prices, STALL_REACH_M, type Stall, stallsOf, WARES, type Ware } from './market.ts';

const TICK_HZ = 20;
/** From hand to hand, and from the ground, metres. */
export const HAND_REACH_M = 4;
/** Half the width of a body, metres: wide enough to look solid, narrow enough for an alley. */
const BODY_RADIUS_M = 0.3;
export const PACE_MPS = { stand: 0, walk: 1.3, run: 4 } as const;
/** How many looks there are of each kind; what they look like is the artist's. */
export const LOOKS = { skin: 6, hair: 8, coat: 12, cut: 6 } as const;
export const SPEECH_BYTES = 200;

const define = (areaM2: number) =>
  ({
    name: 'town',
    tickHz: TICK_HZ,
    cellSizeM: 32,
    map: planTown(areaM2).map,
    components: {
      position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity', maxSpeedMps: PACE_MPS.run }),
      name: text({ maxBytes: 32 }),
      mood: kept(choice('calm', 'merry', 'tired')),
      skin: kept(uint({ max: LOOKS.skin - 1 })),
      hair: kept(uint({ max: LOOKS.hair - 1 })),
      coat: kept(uint({ max: LOOKS.coat - 1 })),
      cut: kept(uint({ max: LOOKS.cut - 1 })),
      /** Where one looks who stands; who walks looks where they go. */
      facing: kept(heading()),
      /** One who lives here, not a player. */
      resident: bool(),
      /** What lies on the ground, to be picked up; nothing for people. */
      ware: choice('none', ...WARES),
      ...belongings({ kinds: WARES }),
      /** What is on in town, for everyone's own eyes; empty when nothing is. */
      notice: owned(text({ maxBytes: ANNOUNCEMENT_BYTES })),
    },
    commands: {
      walk: {
        input: { towards: heading(), pace: choice('stand', 'walk', 'run') },
        predict: walker({ tickHz: TICK_HZ, radiusM: BODY_RADIUS_M, paceMps: PACE_MPS }),
      },
      wave: { input: { at: entityRef({ withinM: 12 }) } },
      say: { input: { text: text({ maxBytes: SPEECH_BYTES }) }, speech: true },
    },
    operations: dealings({ kinds: WARES, reachM: HAND_REACH_M }),
    /** Someone waved at one; `greeted` asks for an answer, `cheered` is the answer, so that it ends. */
    effects: { greeted: {}, cheered: {} },
    content: { events },
    events: {
      speech: { text: text({ maxBytes: SPEECH_BYTES }) },
      gesture: { kind: choice('wave', 'cheer'), at: entityRef() },
    },
  }) as const satisfies WorldDefinition;

export type TownDefinition = ReturnType<typeof define>;
export type Town = World<TownDefinition>;

/** A walled town of about that area (square metres, 48,400 when left out): streets, squares, a park, a canal. */
export function town(options: { readonly areaM2?: number } = {}): Town {
  return defineWorld(define(options.areaM2 ?? USUAL_AREA_M2));
}
