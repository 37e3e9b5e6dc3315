import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ApiPlace } from '@lifeverse/contracts';
import { ConfigurationError, type Lifecycle, openSocketFolder } from '@lifeverse/node-kit';
import type { FastifyInstance } from 'fastify';

export interface ListenOptions {
  /** Where the socket of a place that nobody named goes; null: a temporary folder. */
  readonly socketFolder: string | null;
  readonly apiPlace?: ApiPlace;
}

/** Lets the API answer; gives where it does. Throws a ConfigurationError when it cannot as told. */
export async function listen(app: FastifyInstance, options: ListenOptions, life: Lifecycle): Promise<ApiPlace> {
  const place = options.apiPlace ?? { socketPath: await ownSocket(options.socketFolder, life) };
  if ('socketPath' in place) {
    // Of a backend that was killed.
    rmSync(place.socketPath, { force: true });
    await app.listen({ path: place.socketPath });
    return place;
  }
  try {
    await app.listen(place);
  } catch (error) {
    const { code = '' } = error as { code?: string };
    throw new ConfigurationError(`The HTTP API cannot listen at ${place.host}:${place.port} (${code}).`);
  }
  return { ...place, port: (app.server.address() as AddressInfo).port };
}

async function ownSocket(inside: string | null, life: Lifecycle): Promise<string> {
  const folder = await life.start(
    'socket',
    () => openSocketFolder(inside),
    (it) => it.close(),
  );
  return join(folder.path, 'api.sock');
}
