/** How much work a hash of argon2id is: memory in KiB, passes over it, lanes. */
export interface Argon2Parameters {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP, Password Storage Cheat Sheet: the least for argon2id where memory is short, and as good as its others. */
export const owaspParameters: Argon2Parameters = { memoryKiB: 19_456, passes: 2, lanes: 1 };

const TEXT = /^m=([1-9]\d{0,6}),t=([1-9]\d{0,2}),p=([1-9]\d{0,1})$/;

/** `m=19456,t=2,p=1`, as in a PHC string. */
export function textOfParameters({ memoryKiB, passes, lanes }: Argon2Parameters): string {
  return `m=${memoryKiB},t=${passes},p=${lanes}`;
}

/** Throws on anything else than `textOfParameters` makes. */
export function parametersOfText(text: string): Argon2Parameters {
  const [, memoryKiB, passes, lanes] = TEXT.exec(text) ?? [];
  if (memoryKiB === undefined) throw new Error(`no parameters of argon2id: ${text}`);
  return { memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes) };
}

/** Whether guessing costs more with `a` than with `b`. */
export function costsMore(a: Argon2Parameters, b: Argon2Parameters): boolean {
  return a.memoryKiB * a.passes > b.memoryKiB * b.passes;
}

/** The PHC string of a hash (version 1.3 of argon2id), as other libraries read it too. */
export function phcString(parameters: Argon2Parameters, salt: Uint8Array, hash: Uint8Array): string {
  return `$argon2id$v=19$${textOfParameters(parameters)}$${unpadded(salt)}$${unpadded(hash)}`;
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
