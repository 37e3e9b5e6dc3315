import { describe, expect, it } from 'vitest';
import { optionsHelp, optionsTable } from './describe-options.ts';
import { choice, environmentName, flag, flagName, integer, list, optionalInteger, optionalText } from './option.ts';
import { ConfigurationError, readOptions } from './read-options.ts';

const options = {
  port: integer({ min: 0, max: 65_535, default: 8080, sentence: 'The port to listen on.' }),
  areaM2: optionalInteger({ min: 64, max: 1_000_000, unit: 'm2', sentence: 'Size of the plain.' }),
  world: choice({ options: ['town', 'open'], default: 'town', sentence: 'Which world.' }),
  tlsCert: optionalText({ expected: 'a path', sentence: 'The certificate.' }),
  threads: flag({ sentence: 'A thread for each role.' }),
  allowedOrigins: list({ expected: 'origins', accept: (item) => item.startsWith('https://'), sentence: 'Pages.' }),
};
const read = (argv: string[], environment = {}) => readOptions(options, argv, environment);
const refusal = (argv: string[], environment = {}): string => {
  try {
    read(argv, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  return 'was not refused';
};

it('that are secret are not repeated when they are refused', () => {
  const secret = { token: optionalText({ expected: 'text', sentence: 'A token.', secret: true }) };
  const read = () => readOptions(secret, ['--token', `hush${'h'.repeat(300)}`], {});
  expect(read).toThrow('--token must be text.');
  expect(read).not.toThrow('hush');
});

describe('options', () => {
  it('are the defaults when nothing is given', () => {
    expect(read([])).toEqual({
      port: 8080,
      areaM2: null,
      world: 'town',
      tlsCert: null,
      threads: false,
      allowedOrigins: [],
    });
  });

  it('come from the command line before the environment before the default', () => {
    const environment = { LIFEVERSE_PORT: '81', LIFEVERSE_WORLD: 'open', LIFEVERSE_THREADS: '', HOME: '/root' };
    expect(read(['--port', '82', '--area-m2=100', '--threads'], environment)).toMatchObject({
      port: 82,
      world: 'open',
      areaM2: 100,
      threads: true,
    });
  });

  it('know a flag that is switched off, and a list', () => {
    expect(read(['--threads=false', '--allowed-origins', 'https://a.example, https://b.example'])).toMatchObject({
      threads: false,
      allowedOrigins: ['https://a.example', 'https://b.example'],
    });
  });

  it('have a name on the command line and one in the environment', () => {
    expect(flagName('areaM2')).toBe('--area-m2');
    expect(environmentName('tlsCert')).toBe('LIFEVERSE_TLS_CERT');
  });

  it.each([
    [['--prot', '1'], '--prot is no option; --help lists them.'],
    [['--port', '65536'], '--port must be a whole number from 0 to 65535, not "65536".'],
    [['--port', '-1'], '--port must be a whole number from 0 to 65535, not "-1".'],
    [['--port', '1e3'], '--port must be a whole number from 0 to 65535, not "1e3".'],
    [['--port'], '--port needs a value: a whole number from 0 to 65535.'],
    [['--port', '1', '--port', '2'], '--port was given twice.'],
    [['--world', 'moon'], '--world must be one of town, open, not "moon".'],
    [['--threads=maybe'], '--threads must be true or false, not "maybe".'],
    [['--tls-cert', 'a\nb'], '--tls-cert must be a path, not "a\\nb".'],
    [
      ['--allowed-origins', 'https://a.example,http://b.example'],
      '--allowed-origins must be origins, not "https://a.example,http://b.example".',
    ],
    [['town'], '"town" is no option; --help lists them.'],
    [['-p', '1'], '-p is no option; --help lists them.'],
  ])('refuse %j with one sentence', (argv, sentence) => {
    expect(refusal(argv)).toBe(sentence);
  });

  it('refuse an unknown or unusable variable of ours, and leave the others alone', () => {
    expect(refusal([], { LIFEVERSE_PROT: '1' })).toBe('The environment sets LIFEVERSE_PROT, which is no setting.');
    expect(refusal([], { LIFEVERSE_PORT: 'x' })).toBe(
      'LIFEVERSE_PORT must be a whole number from 0 to 65535, not "x".',
    );
    expect(read([], { PORT: 'x' }).port).toBe(8080);
  });

  it('are all described in the help and on the reference page', () => {
    for (const name of Object.keys(options)) {
      expect(optionsHelp(options)).toContain(`  ${flagName(name)}`);
      const table = optionsTable(options, { environment: true });
      expect(table).toContain(`| \`${flagName(name)}\` | \`${environmentName(name)}\` |`);
      expect(optionsTable(options, { environment: false })).not.toContain(environmentName(name));
    }
    expect(optionsHelp(options)).toContain('--world town|open\n      Which world. (town)');
  });
});
