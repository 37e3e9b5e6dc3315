import { renameSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
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
    await listenInPlace(app, place.socketPath, life);
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

/**
 * In the place of a backend that was killed, or of one that runs and is to end: it keeps the connections that it has, and whoever
 * comes from now on comes here. A socket is removed by its first name when it is closed, which is not that of the next one.
 */
async function listenInPlace(app: FastifyInstance, path: string, life: Lifecycle): Promise<void> {
  const first = join(dirname(path), `.${process.pid.toString(36)}`);
  rmSync(first, { force: true });
  await app.listen({ path: first });
  const { ino } = statSync(first);
  renameSync(first, path);
  const isOurs = (): boolean => statSync(path, { throwIfNoEntry: false })?.ino === ino;
  await life.start(
    'socket of the HTTP API',
    () => undefined,
    () => {
      if (isOurs()) rmSync(path, { force: true });
    },
  );
}

async function ownSocket(inside: string | null, life: Lifecycle): Promise<string> {
  const folder = await life.start(
    'socket',
    () => openSocketFolder(inside),
    (it) => it.close(),
  );
  return join(folder.path, 'api.sock');
}
