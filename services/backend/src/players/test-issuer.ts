import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** As which servers are known to a test's issuer. */
export const CLIENT = { clientId: 'lifeverse', clientSecret: 'a-secret-of-the-test-and-of-nobody-else' };

export interface TestIssuer {
  readonly url: string;
  /** What was asked of its page for logging in. */
  readonly authorizations: URLSearchParams[];
  /** From now on, sending people back there. */
  serve(redirectUri: string): void;
  close(): void;
}

/** A real OpenID provider on a port of its own, where anybody logs in as whom they say. */
export async function startIssuer(): Promise<TestIssuer> {
  let listener: RequestListener = (_request, response) => response.destroy();
  const authorizations: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const at = new URL(request.url ?? '/', 'http://localhost');
    if (at.pathname === '/auth') authorizations.push(at.searchParams);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    authorizations,
    serve: (redirectUri) => {
      const { clientId: client_id, clientSecret: client_secret } = CLIENT;
      const provider = new Provider(url, {
        clients: [{ client_id, client_secret, redirect_uris: [redirectUri] }],
        cookies: { keys: ['of the test'] },
        pkce: { required: () => true },
        findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      });
      listener = provider.callback();
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
