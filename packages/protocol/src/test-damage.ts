import type { Random } from '@lifeverse/base';

/** A message as it must not be: cut at every byte, and with each of its bits turned. */
export function* damaged(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < bytes.length; length++) yield bytes.slice(0, length);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const turned = bytes.slice();
    turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7));
    yield turned;
  }
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  yield longer;
}

/** Bytes of any kind: noise, long runs of continuation bytes, and pieces of real messages overwritten here and there. */
export function anyBytes(random: Random, samples: readonly Uint8Array[]): Uint8Array {
  const kind = random.below(4);
  if (kind === 0) return Uint8Array.from({ length: random.below(80) }, () => random.below(256));
  if (kind === 1) {
    const run = Uint8Array.from(
      { length: 2 + random.below(400) },
      () => 0x80 | (random.below(64) === 0 ? random.below(128) : 0),
    );
    run[0] = random.below(256);
    run[run.length - 1] = random.below(128);
    return run;
  }
  const bytes = random.pick(samples).slice();
  for (let i = 1 + random.below(4); i > 0; i--) bytes[random.below(bytes.length)] = random.below(256);
  return kind === 2 ? bytes : bytes.slice(0, random.below(bytes.length + 1));
}
