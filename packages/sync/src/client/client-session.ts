import type { Raw, Welcome, WorldLayout } from '@lifeverse/protocol';
import type { MessageCodec, PrivateCodec, SectionCodec } from '../common/index.ts';
import type { OwnAvatar } from './own-avatar.ts';
import type { Replica } from './replica.ts';
import type { ViewDelay } from './view-delay.ts';

/** What is known only while in the world. */
export interface Session {
  readonly welcome: Welcome;
  readonly layout: WorldLayout;
  readonly sections: SectionCodec;
  readonly replica: Replica;
  readonly privates: PrivateCodec;
  readonly commands: MessageCodec;
  readonly events: MessageCodec;
  readonly operations: MessageCodec;
  readonly stepInput: (raw: Record<string, Raw>) => object;
  readonly viewDelay: ViewDelay;
  readonly periodMs: number;
  /** False where the server's step or map is another: then the avatar is shown as the server tells. */
  readonly predicts: boolean;
  avatar: OwnAvatar | null;
  /** Of time, 256 being normal. */
  rate: number;
  readonly owned: Raw[];
  /** Ticks are sent modulo 256 and never go back. */
  tick: number;
  sequence: number;
  /** The last input that the server has applied. */
  applied: number;
  lastSentMs: number;
}
