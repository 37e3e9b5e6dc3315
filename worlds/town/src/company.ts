import { distanceTo, type Life, lifeOf, type Somebody, seconds, type TownMoment } from './day.ts';
import { givenName } from './people.ts';
import { say } from './sayings.ts';

/** How near someone must be to be greeted, or spoken with, metres. */
const GREET_M = 5;
const TALK_M = 2.4;
/** Who was greeted is not greeted again for so long. */
const REMEMBER_S = 180;
const MERRY_S = 45;

/** A look around: answer who spoke to one, greet who comes by, say something to whom one stands with. */
export function keepCompany(moment: TownMoment): void {
  const { tick } = moment;
  const life = lifeOf(moment);
  if (life.answerTick !== 0 && tick >= life.answerTick) {
    speak(moment, life, life.answerTo);
    life.answerTick = 0;
    return;
  }
  if (tick < life.quietUntilTick) return;
  const company = lookAround(moment, life);
  if (company === undefined) return;
  const { other, apart, others } = company;
  if (other.kind === 'player' && !hasMet(life, other.id)) meetGuest(moment, life, other, others);
  else if (life.doing === 'staying' && apart < TALK_M) talk(moment, life, other);
  else if (!hasMet(life, other.id) && moment.random.chance(0.25)) greet(moment, life, other);
  else life.quietUntilTick = tick + seconds(3);
}

/** Whom one is with, how near they are, and how many there are about. */
interface Company {
  readonly other: Somebody;
  readonly apart: number;
  readonly others: number;
}

/** Players not greeted yet come first, then the nearest. */
function lookAround({ self, near, tick }: TownMoment, life: Life): Company | undefined {
  const isOver = ({ tick: since }: { readonly tick: number }): boolean => tick - since > seconds(REMEMBER_S);
  if (life.greeted.some(isOver)) life.greeted = life.greeted.filter((met) => !isOver(met));
  let best: Company | undefined;
  let others = 0;
  let bestRank = Number.POSITIVE_INFINITY;
  const here = self.position;
  for (const other of near(GREET_M)) {
    if (other.kind === 'thing') continue;
    const apart = distanceTo(here, other.position);
    const rank = other.kind === 'player' && !hasMet(life, other.id) ? apart - 10 : apart;
    others++;
    if (rank < bestRank) [best, bestRank] = [{ other, apart, others: 0 }, rank];
  }
  return best === undefined ? undefined : { ...best, others };
}

function hasMet({ greeted }: Life, id: number): boolean {
  return greeted.some((met) => met.id === id);
}

function meets(life: Life, id: number, tick: number): void {
  life.greeted = [...life.greeted.filter((met) => met.id !== id), { id, tick }];
}

/** In a throng one or two greet a guest; the others let it be, or nobody could hear a word. */
function meetGuest(moment: TownMoment, life: Life, guest: Somebody, others: number): void {
  if (moment.random.chance(2 / (1 + others))) greet(moment, life, guest);
  else meets(life, guest.id, moment.tick);
}

function greet(moment: TownMoment, life: Life, other: Somebody): void {
  const { self, random, tick } = moment;
  meets(life, other.id, tick);
  face(moment, other);
  self.emit('gesture', { kind: 'wave', at: other.id });
  const guest = other.kind === 'player';
  if (guest || random.chance(0.35))
    speak(
      moment,
      life,
      guest ? say('toGuests', other.name, random) : say('toNeighbours', givenName(other.name), random),
    );
  life.quietUntilTick = tick + seconds(random.between(12, 40));
  if (!guest) other.tell('greeted');
}

function talk(moment: TownMoment, life: Life, other: Somebody): void {
  const { random, tick } = moment;
  life.quietUntilTick = tick + seconds(random.between(14, 50));
  if (!random.chance(0.5)) return;
  const answers = random.chance(0.3);
  speak(moment, life, say(answers ? 'answers' : 'chatter', givenName(other.name), random));
}

function speak({ self, tick }: TownMoment, life: Life, text: string): void {
  self.emit('speech', { text });
  life.quietUntilTick = Math.max(life.quietUntilTick, tick + seconds(12));
}

/** Who walks looks where they go; who stands turns to whom they speak to. */
function face({ self }: TownMoment, other: Somebody): void {
  if (self.held !== null && self.held.pace !== 'stand') return;
  const { x, y } = self.position;
  self.facing = Math.atan2(other.position.y - y, other.position.x - x);
}

/** Someone waved: wave back, be glad, perhaps say a word in a moment. */
export function answerGreeting(moment: TownMoment & { readonly from: number }): void {
  const { self, near, random, tick, from } = moment;
  becomeMerry(moment);
  if (self.kind !== 'resident') return;
  const life = lifeOf(moment);
  for (const other of near(14)) {
    if (other.id !== from) continue;
    face(moment, other);
    self.emit('gesture', { kind: 'cheer', at: other.id });
    other.tell('cheered');
    meets(life, other.id, tick);
    if (life.answerTick === 0 && (other.kind === 'player' || random.chance(0.2))) {
      life.answerTick = tick + seconds(random.between(0.8, 1.6));
      life.answerTo = say('thanks', givenName(other.name), random);
    }
  }
}

export function becomeMerry({ self, tick, random }: TownMoment): void {
  self.mood = 'merry';
  self.memory.calmAtTick = tick + seconds(MERRY_S * random.between(0.6, 1.4));
}

/** Moods pass; now and then one comes by itself. */
export function changeMood({ self, tick, random }: TownMoment): void {
  const { memory } = self;
  if (self.mood !== 'calm') {
    if (tick >= ((memory.calmAtTick as number | undefined) ?? 0)) self.mood = 'calm';
  } else if (self.kind === 'resident' && random.chance(0.03)) {
    self.mood = random.chance(0.65) ? 'merry' : 'tired';
    memory.calmAtTick = tick + seconds(random.between(25, 70));
  }
}

/** Residents who stand too close step apart, gently; players are left alone. */
export function makeRoom({ self, near, random }: TownMoment): void {
  if (self.held !== null && self.held.pace !== 'stand') return;
  const { x, y } = self.position;
  for (const other of near(0.6)) {
    if (other.kind === 'thing') continue;
    const at = other.position;
    const apart = distanceTo(self.position, at);
    if (apart > 0.05) self.push(((x - at.x) / apart) * 0.12, ((y - at.y) / apart) * 0.12);
    else self.push(random.between(-0.15, 0.15), random.between(-0.15, 0.15));
    return;
  }
}
