import type { World } from '@lifeverse/definition';
import { open } from '@lifeverse/open';
import { town } from '@lifeverse/town';
import { causeOf, LoadProblem } from './load-problem.ts';

export interface ServedWorld {
  readonly world: World;
  /** False where the server's world travels in another form than ours: then only who decodes can play. */
  readonly sameLayout: boolean;
}

/** Asks a server which world it runs, and builds the same. Throws a LoadProblem. */
export async function servedWorld(server: URL): Promise<ServedWorld> {
  const described = await describe(server);
  const world = build(server, described.name, described.options);
  return { world, sameLayout: described.layoutFingerprint === world.fingerprint };
}

interface Description {
  readonly name?: unknown;
  readonly options?: unknown;
  readonly layoutFingerprint?: unknown;
}

async function describe(server: URL): Promise<Description> {
  let response: Response;
  try {
    response = await fetch(new URL('api/world', server));
  } catch (error) {
    throw new LoadProblem(`No server answers at ${server.href} (${causeOf(error)}).`);
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && body !== null && typeof body === 'object') return body;
  throw new LoadProblem(
    `What answers at ${server.href} is no LifeVerse server (HTTP ${response.status} to api/world).`,
  );
}

function build(server: URL, name: unknown, options: unknown): World {
  const areaM2 = options !== null && typeof options === 'object' && 'areaM2' in options ? options.areaM2 : undefined;
  const area = typeof areaM2 === 'number' && areaM2 > 0 ? areaM2 : null;
  // A world's exact type is for its own rules and pages; here any world will do.
  if (name === 'town') return town(area === null ? {} : { areaM2: area }) as unknown as World;
  if (name === 'open' && area !== null) return open({ areaM2: area }) as unknown as World;
  throw new LoadProblem(`The world at ${server.href} is ${JSON.stringify(name)}; only town and open are known here.`);
}
