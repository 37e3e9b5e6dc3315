import type { Random } from '@lifeverse/base';

/** What people of the town say. `{name}` is who they speak to. */
const toGuests = [
  'Good morning, {name}!',
  'Welcome, {name}. First time here?',
  'Hello {name}! The market is by the long avenue, west of the square.',
  'Oh, a new face. Hello, {name}!',
  '{name}! Lovely day, isn’t it?',
  'Have you seen the pond in the park yet, {name}?',
  'Mind the cobbles, {name}, they are older than the town hall.',
  'If you are lost, {name}: listen for the fountain.',
  'Good to see you, {name}.',
  'The view from the bridges is best before noon, {name}.',
] as const;

const toNeighbours = [
  'Morning, {name}!',
  '{name}, how is the garden?',
  'Hello, {name}.',
  'Ah, {name}! Just whom I wanted to see.',
  '{name}! You still have my ladder.',
  'Off to the market, {name}?',
  'Give my best to your mother, {name}.',
] as const;

const chatter = [
  'They say the canal was dug in one winter.',
  'I like the light at this hour.',
  'The plums are early this year.',
  'Did you hear the clock? Two minutes late again.',
  'My feet know every stone of this square.',
  'The baker has cinnamon rolls. Had. Had cinnamon rolls.',
  'The doves have taken over the town hall roof.',
  'I could stand here all day. I think I will.',
  'Someone ought to oil that well.',
  'Rain tomorrow, my knee says so.',
  'We should dance on the square again, like last summer.',
  'Three bridges before breakfast, that keeps one young.',
  'The striped awnings are new. Very cheerful.',
  'And then the goose simply sat down in the doorway.',
  'No, no, the chapel is the other way.',
  'I counted the lamps once. I always lose count at sixty.',
  'Have you tried the pears from the orchard?',
  'I’m only resting my eyes.',
  'There is nothing like fresh paint on a shutter.',
  'The carp in the pond knows me by name.',
] as const;

const answers = [
  'Indeed, indeed.',
  'You don’t say!',
  'Ha! Quite so.',
  'I was just thinking the same.',
  'That’s what I always say.',
  'Is that so?',
  'Well, well.',
  'Don’t tell the baker.',
  'Hello, hello!',
] as const;

const thanks = ['Hello there!', 'And a fine day to you!', 'Hello, {name}!', 'How kind!', 'Good day, {name}!'] as const;

const sayings = { toGuests, toNeighbours, chatter, answers, thanks } as const;
export type Occasion = keyof typeof sayings;

export function say(occasion: Occasion, name: string, random: Random): string {
  return random.pick<string>(sayings[occasion]).replace('{name}', name);
}
