/** What the server says of its world. */
export interface WorldDescription {
  readonly name: string;
  readonly options: { readonly areaM2?: number };
  /** Players in the world now. */
  readonly players: number;
}

/** Rejects with a sentence for the player when the server does not answer, or with something else. */
export async function describeWorld(): Promise<WorldDescription> {
  const body = await fetchJson('api/world');
  const { name, options, players } = (body ?? {}) as Partial<Record<string, unknown>>;
  if (typeof name !== 'string') throw new Error('The server says nothing of a world. Please try again later.');
  const areaM2 = Number((options as { areaM2?: unknown } | undefined)?.areaM2);
  return { name, options: areaM2 > 0 ? { areaM2 } : {}, players: Number(players) || 0 };
}

/** A name to be known by; none when the server has no answer now. */
export async function offerName(): Promise<string> {
  const body = await fetchJson('api/name').catch(() => null);
  const { name } = (body ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name : '';
}

async function fetchJson(path: string): Promise<unknown> {
  const response = await fetch(new URL(path, document.baseURI), { cache: 'no-store' }).catch(() => {
    throw new Error('The server cannot be reached at the moment. Is it running?');
  });
  if (!response.ok) throw new Error(`The server has no answer at the moment (${response.status}).`);
  return response.json();
}
