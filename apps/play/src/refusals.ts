/** Why something was not done, to the player. Codes that are not here are the client's own business. */
export const refusals: Readonly<Partial<Record<string, string>>> = {
  out_of_reach: 'That is too far away.',
  target_unknown: 'Whoever that was for is not here any more.',
  command_refused: 'Not so fast: one thing at a time.',
  rate_exceeded: 'Not so fast: one thing at a time.',
  request_invalid: 'That cannot be asked for.',
  money_short: 'You do not have so many coins.',
  item_not_yours: 'You do not have that any more.',
  item_gone: 'Somebody else was faster: it is gone.',
  sold_out: 'The stall has none of that left. Come again in a while.',
  not_for_sale: 'This stall does not deal in that.',
  price_changed: 'The price has changed. Look at it again.',
  partner_short: 'The other side no longer has what they offered.',
  offer_changed: 'What lies on the table has changed. Look at it again.',
  trade_closed: 'That trade is over.',
  trade_open: 'One of you is trading with somebody already.',
  carry_full: 'You cannot carry more.',
  purse_full: 'So many coins fit into no purse.',
  journal_unreachable: 'Nothing can be traded for the moment. Nothing is lost; try again shortly.',
  journal_busy: 'Too much is being traded at the moment. Try again shortly.',
  outcome_unknown: 'Whether this was done is not known yet. What you have will show it.',
  session_left: 'You were not in the world.',
};

/** The same of what concerns the player's account. How long to wait, where that helps, is said behind it. */
export const accountRefusals: Readonly<Partial<Record<string, string>>> = {
  login_wrong: 'That e-mail address and that password do not belong together.',
  login_locked: 'Too many attempts did not succeed.',
  login_busy: 'Many people are logging in at this moment.',
  rate_exceeded: 'That was too much at once.',
  email_invalid: 'That is no e-mail address.',
  password_unfit: 'That password is too easy to guess. Take ten characters or more, and not your e-mail address.',
  identity_taken: 'There is a player of that e-mail address and that password already. Log in with them instead.',
  identity_too_many: 'This character is kept already.',
  login_stale: 'Log out here and in again first: this changes how you come back.',
  session_unknown: 'You are not logged in here any more.',
  malformed_message: 'That cannot be sent: it is too long.',
  backend_unreachable: 'Accounts cannot be reached at the moment. Nothing is lost.',
  provider_unreachable: 'They cannot be reached at the moment.',
  provider_refused: 'They did not confirm who you are. Try again.',
};

export const UNANSWERED = 'The server does not answer at the moment. Try again shortly.';

/** Why one is not in the world any more, where the catalogue's sentence says too little. */
export const endings: Readonly<Partial<Record<string, string>>> = {
  session_replaced: 'You are playing on another device now, and this one was left. Step in to go on here.',
  session_unknown: 'You are not logged in here any more. Log in again, or come in as somebody new.',
};
