import { firstArrangement } from '@lifeverse/contracts';
import { Scene } from './test-dealings.ts';

/** Cells of 32 m: the border is at 64 m. */
const arrangement = firstArrangement({ axis: 'x', at: 2, low: { zone: 1 }, high: { zone: 2 } });

interface Thing {
  readonly id: number;
  readonly kind: string;
}

/** Two zones, each with a desk of its own that answers when it is told to. */
export class Fair {
  readonly west: Scene;
  readonly east: Scene;
  /** Nothing passes between the zones. */
  cut = false;
  #underway: { readonly zone: number; readonly bytes: Uint8Array }[] = [];

  constructor() {
    const toZone = (zone: number, bytes: Uint8Array) => void this.#underway.push({ zone, bytes: bytes.slice() });
    this.west = new Scene({ zone: 1, arrangement, toZone });
    this.east = new Scene({ zone: 2, arrangement, toZone });
    this.run(3);
  }

  run(ticks = 1): void {
    for (let i = 0; i < ticks; i++) {
      for (const scene of [this.west, this.east]) scene.run();
      const passing = this.#underway.splice(0);
      if (this.cut) continue;
      for (const { zone, bytes } of passing) {
        const to = zone === 1 ? this.west : this.east;
        to.zone.neighbour(bytes, to.tick * 50);
      }
    }
  }

  /** In the world, with that many coins and a thing. */
  join(scene: Scene, session: number, name: 'west' | 'east', coin: number, thing: Thing): number {
    scene.say({ op: 'attach', session, character: name, incarnation: 1, name });
    this.run(3);
    scene.next('belongings').answer({ belongings: [scene.has(name, coin, thing)] });
    this.run(8);
    const [entity] = [...Array(scene.zone.store.end).keys()].map((row) => scene.zone.store.id[row]);
    return entity as number;
  }
}
