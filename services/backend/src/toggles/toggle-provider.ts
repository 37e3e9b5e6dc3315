import type { TogglesByName } from '@lifeverse/contracts';
import type { EvaluationContext, JsonValue, ResolutionDetails } from '@openfeature/core';
import {
  FlagNotFoundError,
  InvalidContextError,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  TypeMismatchError,
} from '@openfeature/server-sdk';
import { toggleContext } from './evaluation-context.ts';

/**
 * The live toggles behind OpenFeature's neutral API: `OpenFeature.setProviderAndWait(new ToggleProvider(live))`. Says
 * when toggles change, and when what it has may be out of date because the database is gone.
 */
export class ToggleProvider implements Provider {
  readonly metadata = { name: 'lifeverse' };
  readonly runsOn = 'server';
  readonly events = new OpenFeatureEventEmitter();
  readonly #live: TogglesByName;
  readonly #ends: (() => void)[];

  constructor(live: TogglesByName, onStale?: (told: (stale: boolean) => void) => () => void) {
    this.#live = live;
    this.#ends = [
      live.onChange((changed) => this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...changed] })),
      onStale?.((stale) => this.events.emit(stale ? ProviderEvents.Stale : ProviderEvents.Ready)) ?? (() => undefined),
    ];
  }

  async onClose(): Promise<void> {
    for (const end of this.#ends) end();
  }

  async resolveBooleanEvaluation(flag: string, _: boolean, context: EvaluationContext) {
    return this.#resolve<boolean>(flag, 'boolean', context);
  }

  async resolveStringEvaluation(flag: string, _: string, context: EvaluationContext) {
    return this.#resolve<string>(flag, 'string', context);
  }

  async resolveNumberEvaluation(flag: string, _: number, context: EvaluationContext) {
    return this.#resolve<number>(flag, 'number', context);
  }

  async resolveObjectEvaluation<T extends JsonValue>(flag: string): Promise<ResolutionDetails<T>> {
    return this.#resolve<never>(flag, 'object', {});
  }

  /** What it throws, the SDK turns into the caller's default with OpenFeature's error code. */
  #resolve<Value>(flag: string, type: string, context: EvaluationContext): ResolutionDetails<Value> {
    if (!this.#live.has(flag)) throw new FlagNotFoundError(`there is no toggle ${flag}`);
    const known = toggleContext(context);
    if ('fault' in known) throw new InvalidContextError(known.fault);
    const { value, ...details } = this.#live.details(flag, known);
    if (typeof value !== type) throw new TypeMismatchError(`${flag} is a ${typeof value}, not a ${type}`);
    const version = this.#live.version(flag);
    return { ...details, value: value as Value, flagMetadata: version === null ? {} : { version } };
  }
}
