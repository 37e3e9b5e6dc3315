import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { OidcProviderOptions } from '@lifeverse/backend';
import { ConfigurationError } from '@lifeverse/node-kit';
import type { Environment } from '../database/options.ts';

const FIELDS = ['name', 'issuer', 'clientId', 'clientSecretFile', 'clientSecretVariable'] as const;
type Field = (typeof FIELDS)[number];
type Given = Readonly<Partial<Record<Field, string>>>;

/** Variables that begin so are options, and checked as such. */
const OPTIONS_PREFIX = 'LIFEVERSE_';
const MOST = 16;
const MOST_CHARACTERS = 255;
/** Of paths: `/api/oidc/<name>`. */
const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SECRET = /^[\x20-\x7e]{1,512}$/;
const OWN_MACHINE = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The providers that the file lists. Throws a ConfigurationError that names the place and what is wrong there, and
 * repeats no secret: neither one that was found, nor one that was written where none belongs.
 */
export function readProviders(path: string, environment: Environment): readonly OidcProviderOptions[] {
  const where = `The file of --oidc-providers (${path})`;
  const listed = parsed(path, where);
  if (!Array.isArray(listed) || listed.length === 0 || listed.length > MOST)
    throw new ConfigurationError(`${where} must be a list of 1 to ${MOST} providers.`);
  const providers = listed.map((each: unknown, index) =>
    provider(each, { path, environment, where: `${where}, provider ${index + 1}` }),
  );
  for (const property of ['name', 'issuer'] as const) {
    const values = providers.map((each) => each[property]);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) throw new ConfigurationError(`${where}: two providers have the ${property} ${twice}.`);
  }
  return providers;
}

interface Place {
  readonly path: string;
  readonly environment: Environment;
  readonly where: string;
}

function parsed(path: string, where: string): unknown {
  const text = read(path, where);
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says repeats a part of the file.
    throw new ConfigurationError(`${where} is no JSON.`);
  }
}

function read(path: string, where: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`${where} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

function provider(each: unknown, place: Place): OidcProviderOptions {
  const { name, issuer, clientId, ...secret } = fields(each, place.where);
  const wrong = (field: Field, expected: string) =>
    new ConfigurationError(`${place.where}: ${field} must be ${expected}.`);
  if (name === undefined || !NAME.test(name)) throw wrong('name', '1 to 32 small letters, digits and hyphens');
  if (issuer === undefined || !isIssuer(issuer))
    throw wrong('issuer', 'an https address without query and fragment; http only on this machine');
  if (clientId === undefined) throw wrong('clientId', 'the name by which the provider knows this server');
  const clientSecret = secretOf(secret, place);
  return { name, issuer, clientId, ...(clientSecret === undefined ? {} : { clientSecret }) };
}

function fields(each: unknown, where: string): Given {
  if (typeof each !== 'object' || each === null || Array.isArray(each))
    throw new ConfigurationError(`${where} must be an object with ${FIELDS.join(', ')}.`);
  for (const [field, value] of Object.entries(each)) {
    if (field === 'clientSecret')
      throw new ConfigurationError(
        `${where}: secrets are not kept in this file; clientSecretFile or clientSecretVariable says where it is.`,
      );
    if (!(FIELDS as readonly string[]).includes(field))
      throw new ConfigurationError(`${where} has ${JSON.stringify(field)}, which is no setting of a provider.`);
    if (typeof value !== 'string' || value.length === 0 || value.length > MOST_CHARACTERS)
      throw new ConfigurationError(`${where}: ${field} must be text of 1 to ${MOST_CHARACTERS} characters.`);
  }
  return each as Given;
}

function isIssuer(issuer: string): boolean {
  const url = URL.parse(issuer);
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isOwnMachine(url.hostname));
}

/** Where http will do. */
export function isOwnMachine(hostname: string): boolean {
  return OWN_MACHINE.test(hostname);
}

function secretOf(given: Given, { path, environment, where }: Place): string | undefined {
  const { clientSecretFile: file, clientSecretVariable: variable } = given;
  if (file !== undefined && variable !== undefined)
    throw new ConfigurationError(`${where}: clientSecretFile and clientSecretVariable exclude one another.`);
  if (file === undefined && variable === undefined) return undefined;
  if (variable !== undefined && (!VARIABLE.test(variable) || variable.startsWith(OPTIONS_PREFIX)))
    throw new ConfigurationError(
      `${where}: clientSecretVariable must be the name of a variable that does not begin with ${OPTIONS_PREFIX}.`,
    );
  const [field, secret] =
    file === undefined
      ? ['clientSecretVariable', environment[variable as string]]
      : ['clientSecretFile', read(resolve(dirname(path), file), `${where}: clientSecretFile`).replace(/\r?\n$/, '')];
  if (secret === undefined || !SECRET.test(secret))
    throw new ConfigurationError(`${where}: what ${field} names holds no secret of 1 to 512 printable characters.`);
  return secret;
}
