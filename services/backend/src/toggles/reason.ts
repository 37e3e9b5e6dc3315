import Type from 'typebox';
import { MAX_REASON_BYTES } from '../audit/record-act.ts';
import { ChangeInvalid } from './change-invalid.ts';

/** Why something is changed, in the words of who changes it; nothing is changed without. */
export const Reason = Type.String({ minLength: 1, maxLength: MAX_REASON_BYTES });

export function checkedReason(reason: string): string {
  const trimmed = reason.trim();
  const isText = trimmed !== '' && trimmed.isWellFormed() && !trimmed.includes('\0');
  if (isText && Buffer.byteLength(trimmed) <= MAX_REASON_BYTES) return trimmed;
  throw new ChangeInvalid([{ at: '/reason', why: `must be text of 1 to ${MAX_REASON_BYTES} bytes` }]);
}
