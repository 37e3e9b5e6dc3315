/** Why something was not done, to the player. Codes that are not here are the client's own business. */
export const refusals: Readonly<Partial<Record<string, string>>> = {
  out_of_reach: 'That is too far away.',
  target_unknown: 'Whoever that was for is not here any more.',
  command_refused: 'Not so fast: one thing at a time.',
  rate_exceeded: 'Not so fast: one thing at a time.',
};
