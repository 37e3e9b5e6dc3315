import { isatty } from 'node:tty';
import { type DestinationStream, destination, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type Log = Logger;

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

const STANDARD_ERROR = 2;

/**
 * A log of one role: JSON lines on standard error, readable lines when that is a terminal. Lines are written at once:
 * what a crash leaves behind is complete. No line per packet or per player's mistake; those are counted in metrics.
 */
export function createLog(options: { role: string; level: LogLevel; stream?: DestinationStream }): Log {
  const stream = options.stream ?? standardError();
  return pino({ name: options.role, level: options.level, base: {}, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}

function standardError(): DestinationStream {
  if (!isatty(STANDARD_ERROR)) return destination({ dest: STANDARD_ERROR, sync: true });
  return pretty({ destination: STANDARD_ERROR, sync: true, translateTime: 'HH:MM:ss.l', ignore: 'pid,hostname' });
}
