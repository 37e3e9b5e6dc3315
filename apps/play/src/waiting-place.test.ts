import { expect, it } from 'vitest';
import { takeWaitingPlace } from './waiting-place.ts';

class Shelf {
  readonly items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
}

const ada = { place: 'p', name: 'Ada', session: undefined };
let tabs = 0;
const take = (tab: Shelf | null, free = true) =>
  takeWaitingPlace(
    { tab, browser: null },
    async () => free,
    () => `${++tabs}`,
  );

it('a tab that is reloaded goes on waiting, with the newest place and as the same', async () => {
  const tab = new Shelf();
  const first = await take(tab);
  expect(first.waiter).toBeUndefined();
  first.keep(ada);
  first.keep({ ...ada, place: 'newer', session: 's' });
  expect((await take(tab)).waiter).toMatchObject({ place: 'newer', name: 'Ada', session: 's' });
});

it('a duplicated tab waits for itself', async () => {
  const tab = new Shelf();
  (await take(tab)).keep(ada);
  const copy = new Shelf();
  for (const [key, value] of tab.items) copy.setItem(key, value);
  expect((await take(copy, false)).waiter).toBeUndefined();
  expect(copy.items.size).toBe(0);
});

it('who came in has no place any more, and what is no place is none', async () => {
  const tab = new Shelf();
  const place = await take(tab);
  place.keep(ada);
  place.forget();
  expect((await take(tab)).waiter).toBeUndefined();
  for (const text of ['', 'null', '[]', '{"place":1}', '{']) {
    tab.setItem('lifeverse.place', text);
    expect((await take(tab)).waiter).toBeUndefined();
  }
  expect((await take(null)).waiter).toBeUndefined();
});
