import { type Account, AccountRefused, type Device, type WayIn } from '../account.ts';
import { agoWords, deviceWords } from '../device-words.ts';
import { CredentialsForm, emailField, passwordField } from './credentials-form.ts';
import { element } from './element.ts';
import { showProviders } from './provider-buttons.ts';
import { Rows } from './rows.ts';
import { WaysIn, wayInWords } from './ways-in.ts';

export interface AccountActions {
  /** Of the character that is played. */
  name(): string;
  /** Leaves the page. */
  leaveFor(url: string): void;
}

/** Whose character this is: how a guest keeps it, and of who has kept it, where they are logged in. */
export class AccountPanel {
  readonly #dialog = element('account', HTMLDialogElement);
  readonly #line = element('account-line', HTMLElement);
  readonly #keep = element('keep-form', HTMLFormElement);
  readonly #kept = element('account-kept', HTMLElement);
  readonly #state = element('account-state', HTMLElement);
  readonly #again = element('account-again', HTMLButtonElement);
  readonly #logIn = element('account-log-in', HTMLButtonElement);
  readonly #logOut = element('account-log-out', HTMLButtonElement);
  readonly #devices = new Rows(element('account-devices', HTMLElement), 'Nowhere.');
  readonly #form: CredentialsForm;
  readonly #ways: WaysIn;
  readonly #account: Account;
  readonly #actions: AccountActions;
  /** The player wants to leave the world for the form in which one logs in. */
  onLogIn: () => void = () => {};
  onLogOut: () => void = () => {};

  constructor(account: Account, actions: AccountActions) {
    this.#account = account;
    this.#actions = actions;
    this.#form = new CredentialsForm(this.#keep, {
      id: 'keep',
      fields: [emailField, { ...passwordField, autocomplete: 'new-password' }],
      action: 'Keep this character',
      doing: 'Keeping it…',
      hint: 'Ten characters or more. A few words are easy to remember.',
      submit: async (email = '', password = '') => {
        await account.keepAs(email, password);
        await this.#changed(`Done. ${actions.name()} is kept for you.`);
      },
    });
    this.#ways = new WaysIn(account, {
      add: () => {
        this.#keep.hidden = false;
        this.#form.focus();
      },
      changed: (words) => this.#changed(words),
      attempt: async (work) => void (await this.#try(work)),
    });
    element('account-close', HTMLButtonElement).addEventListener('click', () => this.close());
    this.#again.addEventListener('click', () => void this.#look());
    this.#logIn.addEventListener('click', () => this.onLogIn());
    this.#logOut.addEventListener('click', () => this.onLogOut());
    // What was typed and not sent is nobody's business afterwards.
    this.#dialog.addEventListener('close', () => {
      this.#form.clear();
      this.#ways.clear();
    });
  }

  get isOpen(): boolean {
    return this.#dialog.open;
  }

  open(): void {
    for (const part of [this.#keep, this.#kept, this.#logIn, this.#logOut]) part.hidden = true;
    this.#line.textContent = '';
    showProviders(element('account-providers', HTMLElement), [], () => {});
    this.#dialog.showModal();
    void this.#look().then(() => {
      if (!this.#keep.hidden) this.#form.focus();
      else if (!this.#kept.hidden) this.#kept.focus({ preventScroll: true });
    });
  }

  /** The keyboard goes back to where it was. */
  close(): void {
    this.#dialog.close();
  }

  async #changed(words: string): Promise<void> {
    await this.#look();
    this.#kept.focus({ preventScroll: true });
    this.#state.textContent = words;
  }

  async #look(): Promise<void> {
    this.#again.hidden = true;
    this.#state.textContent = 'One moment…';
    await this.#try(async () => {
      const account = this.#account;
      const [ways, devices, providers] = await Promise.all([account.waysIn(), account.devices(), account.providers()]);
      this.#state.textContent = '';
      this.#show(ways, devices);
      const unlinked = providers.filter((provider) => !ways.some(({ label }) => label === provider));
      showProviders(element('account-providers', HTMLElement), unlinked, (provider) => void this.#goTo(provider));
    }).then((done) => {
      this.#again.hidden = done;
    });
  }

  #show(ways: readonly WayIn[], devices: readonly Device[]): void {
    const isGuest = ways.length === 0;
    const name = this.#actions.name();
    const by = ways.map(wayInWords).join(' and ');
    this.#line.textContent = isGuest
      ? `Only this browser can bring ${name} back. With an e-mail address and a password you come back from anywhere.`
      : `${name} is kept. You come back from anywhere with ${by}.`;
    this.#keep.hidden = this.#logIn.hidden = !isGuest;
    this.#kept.hidden = this.#logOut.hidden = isGuest;
    this.#ways.show(ways);
    this.#devices.show(devices.map((device) => this.#row(device)));
  }

  #row({ id, platform, usedAt, current }: Device) {
    const what = deviceWords(platform);
    const ago = agoWords(Date.parse(usedAt), Date.now());
    const end = { label: 'Log out', name: `Log out: ${what}, used ${ago}`, run: () => void this.#end(id, what) };
    return { words: `${what}\n${current ? 'This one' : `Used ${ago}`}`, actions: current ? [] : [end] };
  }

  async #end(id: string, what: string): Promise<void> {
    const done = await this.#try(async () => {
      await this.#account.endDevice(id);
      await this.#look();
    });
    if (done) this.#state.textContent = `${what} is logged out.`;
  }

  async #goTo(provider: string): Promise<void> {
    await this.#try(async () => this.#actions.leaveFor(await this.#account.beginAt(provider, { link: true })));
  }

  /** False when it was refused, and the player has read why. */
  async #try(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof AccountRefused)) throw error;
      this.#state.textContent = error.message;
      return false;
    }
  }
}
