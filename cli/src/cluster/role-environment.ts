import { environmentName, type Options } from '@lifeverse/node-kit';

/**
 * What a role is told, as variables of its environment, where other users of the machine do not read it. What is as the
 * role would have it anyway is left out.
 */
export function roleEnvironment(options: Options, values: Readonly<Record<string, unknown>>): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, option] of Object.entries(options)) {
    const value = values[name];
    if (value === undefined || value === null || String(value) === String(option.default ?? '')) continue;
    environment[environmentName(name)] = String(value);
  }
  return environment;
}

/** The environment of this process without what is meant for it alone. */
export function passedOn(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(LIFEVERSE_|DATABASE_URL$)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.test(name)));
}
