import { expect, it } from 'vitest';
import { InterpolatedTracks } from './interpolated-tracks.ts';

function shownAt(tracks: InterpolatedTracks, momentMs: number): Record<number, [number, number]> {
  const shown: Record<number, [number, number]> = {};
  tracks.show(momentMs, (subject, xM, yM) => {
    shown[subject] = [xM, yM];
  });
  return shown;
}

it('shows subjects between the positions around the moment', () => {
  const tracks = new InterpolatedTracks();
  for (let i = 0; i < 40; i++) tracks.take(1, i * 50, i, -2 * i);
  tracks.take(2, 1900, 7, 8);
  expect(shownAt(tracks, 1912.5)).toEqual({ 1: [38.25, -76.5], 2: [7, 8] });
  expect(shownAt(tracks, 1850)).toEqual({ 1: [37, -74] });
  expect(shownAt(tracks, 5000)).toEqual({ 1: [39, -78], 2: [7, 8] });
  tracks.forget(1);
  expect(shownAt(tracks, 1949)).toEqual({ 2: [7, 8] });
});

it('shows nobody at a moment of which nothing is kept', () => {
  const tracks = new InterpolatedTracks();
  for (let i = 0; i < 40; i++) tracks.take(1, i * 50, i, 0);
  expect(shownAt(tracks, 100)).toEqual({});
});
