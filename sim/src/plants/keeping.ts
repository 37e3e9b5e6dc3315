import {
  decodeCheckpoints,
  decodeDeskAnswer,
  decodeDeskRequest,
  encodeDeskAnswer,
  encodeStored,
  encodeVerdicts,
} from '@lifeverse/contracts';
import type { Plant } from './plant.ts';

export const deskAskedOnce: Plant = {
  name: 'desk-asked-once',
  sentence: 'A zone asks the desk only once, and does not notice that nothing comes of it.',
  foundBy: ['who plays is in the world', 'what is kept is up to date', 'the backend knows who is online'],
  plant(cluster) {
    const asked = new Set<string>();
    cluster.doors.deskTakes = (_zone, bytes) => {
      const request = decodeDeskRequest(bytes);
      const name = `${request?.epoch}/${request?.number}`;
      if (asked.has(name)) return null;
      asked.add(name);
      return bytes;
    };
    return () => {};
  },
};

export const loadForgotten: Plant = {
  name: 'load-forgotten',
  sentence: 'The desk takes everybody for a newcomer.',
  foundBy: ['who comes back stands where they were'],
  plant(cluster) {
    const loads = new Set<string>();
    cluster.doors.deskTakes = (_zone, bytes) => {
      const request = decodeDeskRequest(bytes);
      if (request?.kind === 'load') loads.add(`${request.epoch}/${request.number}`);
      return bytes;
    };
    cluster.doors.deskSays = (_zone, bytes) => {
      const answer = decodeDeskAnswer(bytes);
      if (answer?.outcome.kind !== 'done' || !loads.has(`${answer.epoch}/${answer.number}`)) return bytes;
      const body = encodeStored({ incarnation: 0, handovers: 0, zone: null, checkpoint: null });
      return encodeDeskAnswer({ ...answer, outcome: { kind: 'done', body } });
    };
    return () => {};
  },
};

export const savedEarly: Plant = {
  name: 'saved-early',
  sentence: 'The desk says that checkpoints are kept before they are, and every tenth time they never are.',
  foundBy: ['who comes back stands where they were', 'what is kept is up to date'],
  plant(cluster) {
    const { characters } = cluster;
    const honest = characters.answer.bind(characters);
    let writes = 0;
    characters.answer = (request) => {
      const records = request.kind === 'checkpoint' ? decodeCheckpoints(request.body) : undefined;
      if (records === undefined || ++writes % 10 !== 0) return honest(request);
      return { kind: 'done', body: encodeVerdicts(records.map(() => 'saved')) };
    };
    return () => {
      characters.answer = honest;
    };
  },
};
