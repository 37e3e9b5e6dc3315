const HOPS = 12;

/** As much of a browser as a log-in needs: it follows, keeps cookies by origin, and posts the forms of the provider. */
export class TestBrowser {
  readonly #jars = new Map<string, Map<string, string>>();
  /** Sent with every request besides the cookies. */
  readonly headers: Record<string, string> = {};

  cookie(url: string, name: string): string | undefined {
    return this.#jars.get(new URL(url).origin)?.get(name);
  }

  setCookie(url: string, name: string, value: string): void {
    this.#jar(new URL(url).origin).set(name, value);
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const jar = this.#jar(new URL(url).origin);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...this.headers, cookie, ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name === undefined) continue;
      if (value === '' || /expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value ?? '');
    }
    return response;
  }

  post(url: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /**
   * Goes where the provider's log-in page is and logs in as `account`, agreeing to whatever it asks; follows until it is
   * sent to a place that starts with `until`, and answers that place without going there.
   */
  async logInAt(start: string, account: string, until: string): Promise<string> {
    let url = start;
    for (let hop = 0; hop < HOPS; hop++) {
      const response = await this.fetch(url);
      const next = response.status < 400 && response.status >= 300 ? response.headers.get('location') : null;
      if (next !== null) {
        url = new URL(next, url).href;
        if (url.startsWith(until)) return url;
        continue;
      }
      const page = await response.text();
      const [, action] = /<form[^>]*action="([^"]+)"/.exec(page) ?? [];
      const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
      if (action === undefined || prompt === undefined) throw new Error(`${response.status} at ${url}: ${page}`);
      const body = new URLSearchParams({ prompt, login: account, password: 'any' });
      const sent = await this.fetch(new URL(action, url).href, { method: 'POST', body });
      url = new URL(sent.headers.get('location') ?? '', url).href;
    }
    throw new Error(`still at ${url}`);
  }

  #jar(origin: string): Map<string, string> {
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    return jar;
  }
}
