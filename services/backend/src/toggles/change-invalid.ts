import type { Fault } from '@lifeverse/base';
import { LifeverseError } from '@lifeverse/protocol';

/** A change that cannot be taken; the message names the first fault and its place. */
export class ChangeInvalid extends LifeverseError {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    const [first] = faults;
    super('change_invalid', first === undefined ? undefined : `${first.at || 'the whole'} ${first.why}`);
    this.faults = faults;
  }
}
