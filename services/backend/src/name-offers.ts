import { randomInt } from 'node:crypto';

// Friendly in English, and no two of them rude together; the longest pair fits a name's 32 bytes.
const first = [
  'Amber',
  'Brave',
  'Bright',
  'Calm',
  'Cheery',
  'Clever',
  'Coral',
  'Cosy',
  'Curious',
  'Daring',
  'Dapper',
  'Eager',
  'Early',
  'Fair',
  'Fearless',
  'Fleet',
  'Fond',
  'Gentle',
  'Glad',
  'Golden',
  'Hazel',
  'Hearty',
  'Honest',
  'Humble',
  'Ivory',
  'Jolly',
  'Jade',
  'Keen',
  'Kind',
  'Lively',
  'Lucky',
  'Lunar',
  'Mellow',
  'Merry',
  'Mighty',
  'Misty',
  'Neat',
  'Nimble',
  'Noble',
  'Patient',
  'Plucky',
  'Polite',
  'Proud',
  'Quick',
  'Quiet',
  'Rosy',
  'Ruby',
  'Rustic',
  'Sandy',
  'Serene',
  'Silver',
  'Snowy',
  'Spry',
  'Steady',
  'Sunny',
  'Swift',
  'Tidy',
  'Trusty',
  'Upbeat',
  'Velvet',
  'Warm',
  'Wise',
  'Witty',
  'Zesty',
] as const;
const second = [
  'Acorn',
  'Badger',
  'Beacon',
  'Beaver',
  'Birch',
  'Breeze',
  'Brook',
  'Bumblebee',
  'Cedar',
  'Clover',
  'Comet',
  'Crane',
  'Cricket',
  'Daisy',
  'Dolphin',
  'Dove',
  'Ember',
  'Falcon',
  'Fern',
  'Finch',
  'Firefly',
  'Fox',
  'Gecko',
  'Harbour',
  'Hare',
  'Hazel',
  'Hedgehog',
  'Heron',
  'Ibis',
  'Juniper',
  'Kestrel',
  'Kite',
  'Lantern',
  'Lark',
  'Lynx',
  'Maple',
  'Marten',
  'Meadow',
  'Moth',
  'Newt',
  'Oak',
  'Orchid',
  'Otter',
  'Owl',
  'Panda',
  'Pebble',
  'Pine',
  'Plover',
  'Puffin',
  'Quail',
  'Rabbit',
  'Raven',
  'River',
  'Robin',
  'Rowan',
  'Seal',
  'Sparrow',
  'Starling',
  'Swallow',
  'Tern',
  'Thistle',
  'Turtle',
  'Willow',
  'Wren',
] as const;

const REMEMBERED = 2_048;

/** Offers two-word names; none comes again within the last 2,048 offers. Names are no identity: two players may share one. */
export class NameOffers {
  readonly #recent = new Set<string>();
  readonly #below: (n: number) => number;

  constructor(below: (n: number) => number = (n) => randomInt(n)) {
    this.#below = below;
  }

  next(): string {
    let at = this.#below(first.length * second.length);
    // The words outnumber what is remembered, so that this ends.
    while (this.#recent.has(this.#name(at))) at = (at + 1) % (first.length * second.length);
    const name = this.#name(at);
    this.#recent.add(name);
    if (this.#recent.size > REMEMBERED) this.#recent.delete(this.#recent.values().next().value as string);
    return name;
  }

  #name(at: number): string {
    return `${first[at % first.length]} ${second[Math.floor(at / first.length)]}`;
  }
}
