/** Tiers of tests by the suffix of their files: what a test needs can be seen without opening it. */
export const tiers = ['browser', 'pg', 'nats'] as const;

/** Tests without a suffix need nothing beyond Node. */
export const plainTier = 'pure';

/** Those whose tests wait for pages and processes more than they compute. */
export const waitingTiers: readonly string[] = ['browser', 'nats'];
