import type { Loss } from '@lifeverse/world';

/** What is said of a zone that this server does not own any more. */
export function sentenceOf(zone: number, server: string, loss: Loss): string {
  return `Zone ${zone} is no longer this server's (${JSON.stringify(server)}): ${reasonOf(loss)}.`;
}

/** What is said by a server whose name is another's, whatever zones it had. */
export function replacedSentence(server: string): string {
  return `This server (${JSON.stringify(server)}) may own no zones any more: ${reasonOf({ why: 'replaced' })}.`;
}

function reasonOf(loss: Loss): string {
  switch (loss.why) {
    case 'taken':
      return 'another server has taken it';
    case 'replaced':
      return 'another server was started under the same name';
    case 'outranked':
      return `another server speaks as its owner by the later epoch ${loss.epoch}`;
    case 'clock':
      return `the clock is uncertain by ${Math.ceil(loss.uncertaintyMs)} ms`;
  }
}
