import { assert, type Random } from '@lifeverse/base';
import { type Populate, serve, system } from '@lifeverse/world';
import { answerGreeting, becomeMerry, changeMood, keepCompany, makeRoom } from './company.ts';
import { Days, STEP_TICKS, seconds } from './day.ts';
import { belongingsAt, dealingsAt } from './dealings.ts';
import { announcementAt } from './happenings.ts';
import { LOOKS, type Town, type TownDefinition } from './index.ts';
import { stallsOf } from './market.ts';
import { namesFor } from './people.ts';
import { planTown } from './plan.ts';
import { Walkways } from './walkways.ts';

/** Found in what a browser loads, this would tell that the server's rules are on their way out. */
export const SERVER_MARKER = 'the rules of the walled town';

const USUAL_RESIDENTS = 200;
const MOST_RESIDENTS = 5_000;
/** A player says at most one thing in so many ticks. */
const SPEECH_TICKS = seconds(0.8);

const look = (random: Random) => ({
  skin: random.below(LOOKS.skin),
  hair: random.below(LOOKS.hair),
  coat: random.below(LOOKS.coat),
  cut: random.below(LOOKS.cut),
});

/** Residents who walk, stop, gather and greet, and what players may do among them. Option `residents`: how many. */
export const rules = (world: Town) => {
  assert(world.name === 'town', `${SERVER_MARKER} do not fit the world ${world.name}`);
  const sideM = world.map.widthMm / 1_000;
  const plan = planTown(sideM * sideM);
  const days = new Days(plan, new Walkways(plan));
  const stalls = stallsOf({ areaM2: sideM * sideM });
  const townSystem = system<TownDefinition>;
  return serve(world, {
    join: ({ self, random, guest }) => {
      Object.assign(self, look(random), { name: guest.name, facing: -Math.PI / 2 });
    },
    populate: (moment) => settle(moment, days),
    commands: {
      wave: ({ self, at }) => {
        const { x, y } = self.position;
        self.facing = Math.atan2(at.position.y - y, at.position.x - x);
        self.emit('gesture', { kind: 'wave', at: at.id });
        at.tell('greeted');
      },
      say: ({ self, input, tick, refuse }) => {
        const text = input.text.trim();
        const last = (self.memory.spokeTick as number | undefined) ?? -SPEECH_TICKS;
        if (text === '' || tick - last < SPEECH_TICKS) refuse();
        self.memory.spokeTick = tick;
        self.emit('speech', { text });
      },
    },
    operations: dealingsAt(stalls),
    belongings: belongingsAt(stalls),
    effects: { greeted: answerGreeting, cheered: becomeMerry },
    systems: [
      townSystem({ every: STEP_TICKS, kind: 'resident' }, (moment) => days.step(moment)),
      townSystem({ every: 40, kind: 'resident' }, keepCompany),
      townSystem({ every: 10, kind: 'resident' }, makeRoom),
      townSystem({ every: 200 }, changeMood),
      townSystem({ every: seconds(1), kind: 'player' }, ({ self, content, unixMs }) => {
        const notice = announcementAt(content.events, unixMs);
        if (self.notice !== notice) self.notice = notice;
      }),
    ],
  });
};

/** Everyone begins somewhere in town, and sets off at a moment of their own. */
function settle({ random, option, spawn }: Populate<TownDefinition>, days: Days): void {
  const count = option('residents', USUAL_RESIDENTS);
  assert(
    Number.isInteger(count) && count >= 0 && count <= MOST_RESIDENTS,
    `residents: 0 to ${MOST_RESIDENTS}, not ${count}`,
  );
  for (const name of namesFor(count, random)) {
    const index = random.below(days.places.length);
    const place = days.places[index] as Days['places'][number];
    const facing = (place.facing / 1_024) * 2 * Math.PI;
    spawn('resident', place, { ...look(random), name, resident: true, facing });
  }
}
