import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileView } from './view.ts';

describe('[SY2] a view', () => {
  it('numbers its cells by distance, then from south to north, then from west to east', () => {
    const { dx, dy, size } = compileView(5);
    expect(size).toBe(21);
    expect(dx.map((x, i) => `${x},${dy[i]}`).join(' ')).toBe(
      '0,0 0,-1 -1,0 1,0 0,1 -1,-1 1,-1 -1,1 1,1 0,-2 -2,0 2,0 0,2 ' + '-1,-2 1,-2 -2,-1 2,-1 -2,1 2,1 -1,2 1,2',
    );
  });

  it('has every cell within its reach once, and knows its number', () => {
    fc.assert(
      fc.property(fc.nat({ max: 64 }), (squared) => {
        const view = compileView(squared);
        let within = 0;
        for (let dy = -9; dy <= 9; dy++) {
          for (let dx = -9; dx <= 9; dx++) {
            const index = view.indexAt(dx, dy);
            expect(index >= 0).toBe(dx * dx + dy * dy <= squared);
            if (index < 0) continue;
            within++;
            expect(view.dx[index] === dx && view.dy[index] === dy).toBe(true);
          }
        }
        expect([view.size, view.dx.length]).toEqual([within, within]);
      }),
    );
  });
});
